//! The binary: parse, run, map to an exit code.

fn main() -> std::process::ExitCode {
    afcheck::cli::main().into()
}
