//! L5: the command line. Owns arguments, settings, exit codes and where output goes; the work is `pipeline`'s.

mod args;
mod commands;
mod exit;
mod man;
mod progress;
mod settings;

pub use exit::Exit;

use args::{Args, Command};
use clap::Parser;

/// Parses the arguments, runs the command and says how the process ends.
pub fn main() -> Exit {
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) => {
            // Help and version are answers, not mistakes.
            let code = if error.use_stderr() { Exit::Usage } else { Exit::Success };
            let _ = error.print();
            return code;
        }
    };
    let result = match args.command {
        Command::Verify(verify) => commands::verify::run(&args.common, verify),
        Command::Merge(merge) => commands::merge::run(&merge),
        #[cfg(feature = "cluster")]
        Command::Worker(worker) => commands::worker::run(&args.common, &worker),
        Command::Eval(eval) => commands::eval::run(&args.common, *eval),
        Command::Equiv(equiv) => commands::equiv::run(&args.common, &equiv),
        Command::Nightly(nightly) => commands::nightly::run(&args.common, &nightly),
        #[cfg(feature = "ml")]
        Command::Generate(generate) => commands::generate::run(&args.common, &generate),
        #[cfg(feature = "ml")]
        Command::Finetune(finetune) => commands::finetune::run(&args.common, &finetune),
        #[cfg(feature = "ml")]
        Command::Improve(improve) => commands::improve::run(&args.common, &improve),
        #[cfg(feature = "ml")]
        Command::Distill(distill) => commands::distill::run(&args.common, &distill),
        #[cfg(feature = "ml")]
        Command::Study(study) => commands::study::run(&args.common, &study),
        #[cfg(feature = "ml")]
        Command::Loss(loss) => commands::loss::run(&args.common, &loss),
        #[cfg(feature = "ml")]
        Command::Embed(embed) => commands::task2vec::embed(&args.common, &embed),
        #[cfg(feature = "ml")]
        Command::Align(align) => commands::task2vec::align(&args.common, &align),
        #[cfg(feature = "ml")]
        Command::Diversity(diversity) => commands::task2vec::diversity(&args.common, &diversity),
        #[cfg(feature = "ml")]
        Command::Model(model) => commands::model::run(&args.common, &model),
        #[cfg(all(feature = "ml", feature = "serve"))]
        Command::ServeModel(serve) => commands::serve_model::run(&args.common, &serve),
        #[cfg(feature = "lsp")]
        Command::Lsp(lsp) => commands::lsp::run(&args.common, &lsp),
        #[cfg(feature = "serve")]
        Command::Serve(serve) => commands::serve::run(&args.common, &serve),
        Command::Repl(repl) => commands::repl::run(&args.common, &repl),
        Command::Setup(setup) => commands::setup::run(&args.common, &setup),
        Command::Doctor(doctor) => commands::doctor::run(&args.common, &doctor),
        Command::Cache(cache) => commands::cache::run(&args.common, &cache),
        Command::Data(data) => commands::data::run(&args.common, &data),
        Command::Config => commands::print(afcheck_default_config()),
        Command::Confined(confined) => commands::confined(&confined),
        Command::Completions { shell } => commands::completions(shell),
        Command::Man(man) => commands::man::run(&man),
        Command::Version(version) => commands::version::run(&version),
    };
    match result {
        Ok(exit) => exit,
        Err(failure) => {
            eprintln!("error: {}", failure.message);
            failure.exit
        }
    }
}

fn afcheck_default_config() -> &'static str {
    crate::config::DEFAULT
}
