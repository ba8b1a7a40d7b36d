//! Confinement of processes that run what candidates wrote: Landlock for files, sockets and signals, and a network of their own with
//! nothing in it, where the kernel has them. Owns the policy and its way through a command line: this program is started again with
//! it, confines itself, and becomes the REPL.

use std::path::{Path, PathBuf};

/// How much confinement is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sandbox {
    /// As much as the system has.
    Auto,
    /// All of it, or nothing is started.
    Require,
    /// None.
    Off,
}

impl std::str::FromStr for Sandbox {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "auto" => Ok(Sandbox::Auto),
            "require" => Ok(Sandbox::Require),
            "off" => Ok(Sandbox::Off),
            other => Err(format!("unknown sandbox `{other}`; one of auto, require, off")),
        }
    }
}

/// What a confined process may touch. Everything else of the machine's files it can neither read nor write.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Policy {
    pub read: Vec<PathBuf>,
    pub write: Vec<PathBuf>,
}

/// The first word of a command line that confines itself.
pub const COMMAND: &str = "confined";

/// Where programs, their libraries and their settings are.
const SYSTEM: [&str; 13] = [
    "/usr",
    "/lib",
    "/lib64",
    "/bin",
    "/sbin",
    "/etc",
    "/opt",
    "/nix",
    "/proc",
    "/sys/devices/system/cpu",
    "/dev/null",
    "/dev/zero",
    "/dev/urandom",
];

impl Policy {
    /// What a REPL of a project needs: the project, Lean's toolchains, the system's programs.
    pub fn new(project: &Path, program: &str) -> Policy {
        let mut read: Vec<PathBuf> = SYSTEM.iter().map(PathBuf::from).collect();
        read.push(project.to_owned());
        if let Some(home) = std::env::var_os("ELAN_HOME").map(PathBuf::from) {
            read.push(home);
        } else if let Some(home) = std::env::var_os("HOME") {
            read.push(Path::new(&home).join(".elan"));
        }
        let program = Path::new(program);
        // The program itself, not what lies beside it.
        if program.is_absolute() || program.components().count() > 1 {
            read.push(if program.is_absolute() { program.to_owned() } else { project.join(program) });
        }
        Policy { read, write: vec![PathBuf::from("/dev/null")] }
    }

    /// As arguments of this program, in front of `--` and the command. `scratch` may be written to as well.
    pub fn arguments(&self, scratch: &Path) -> Vec<String> {
        let mut arguments = vec![COMMAND.to_owned()];
        let mut put = |flag: &str, path: &Path| {
            arguments.push(flag.to_owned());
            arguments.push(path.to_string_lossy().into_owned());
        };
        self.read.iter().for_each(|path| put("--read", path));
        self.write.iter().for_each(|path| put("--write", path));
        put("--write", scratch);
        arguments
    }
}

#[cfg(target_os = "linux")]
mod linux {
    use super::Policy;
    use landlock::{
        ABI, Access, AccessFs, AccessNet, CompatLevel, Compatible, PathBeneath, PathFd, Ruleset, RulesetAttr,
        RulesetCreatedAttr, Scope,
    };
    use std::ffi::OsString;
    use std::fs;
    use std::os::unix::process::CommandExt;
    use std::path::Path;
    use std::process::Command;

    /// What is asked of the kernel; newer ones restrict as much, older ones less.
    const WANTED: ABI = ABI::V6;

    /// What the system lacks for full confinement, in words.
    pub fn missing() -> Option<String> {
        let full = Ruleset::default()
            .set_compatibility(CompatLevel::HardRequirement)
            .handle_access(AccessFs::from_all(WANTED))
            .and_then(|rules| rules.handle_access(AccessNet::from_all(WANTED)))
            .and_then(|rules| rules.scope(Scope::from_all(WANTED)))
            .and_then(Ruleset::create);
        match full {
            Ok(_) => None,
            Err(_) => Some(
                "processes are confined in part only: the kernel's Landlock is older than what restricts files, TCP and signals \
                 (Linux 6.12), or off"
                    .into(),
            ),
        }
    }

    /// Confines this process as far as the kernel can.
    fn confine(policy: &Policy) -> Result<(), String> {
        let wrong = |e: &dyn std::fmt::Display| format!("confinement: {e}");
        let rules = Ruleset::default()
            .set_compatibility(CompatLevel::BestEffort)
            .handle_access(AccessFs::from_all(WANTED))
            .and_then(|rules| rules.handle_access(AccessNet::from_all(WANTED)))
            .and_then(|rules| rules.scope(Scope::from_all(WANTED)))
            .and_then(Ruleset::create)
            .map_err(|e| wrong(&e))?;
        let mut rules = rules;
        let allowed = policy
            .read
            .iter()
            .map(|path| (path, AccessFs::from_read(WANTED)))
            .chain(policy.write.iter().map(|path| (path, AccessFs::from_all(WANTED))));
        for (path, access) in allowed {
            // What is not there needs no permission.
            let Ok(open) = PathFd::new(path) else { continue };
            let access = if path.is_dir() { access } else { access & AccessFs::from_file(WANTED) };
            rules = rules.add_rule(PathBeneath::new(open, access)).map_err(|e| wrong(&e))?;
        }
        rules.restrict_self().map(drop).map_err(|e| wrong(&e))
    }

    /// A network with nothing in it, where users may make one: Landlock restricts TCP, this everything else.
    #[expect(unsafe_code, reason = "leaves the network of the others")]
    fn leave_the_network() {
        use rustix::thread::UnshareFlags;
        let (user, group) = (rustix::process::getuid().as_raw(), rustix::process::getgid().as_raw());
        // SAFETY: this process has one thread, and neither flag touches its memory or open files.
        let left = unsafe { rustix::thread::unshare_unsafe(UnshareFlags::NEWUSER | UnshareFlags::NEWNET) };
        if left.is_ok() {
            let _ = fs::write("/proc/self/setgroups", "deny");
            let _ = fs::write("/proc/self/uid_map", format!("{user} {user} 1"));
            let _ = fs::write("/proc/self/gid_map", format!("{group} {group} 1"));
        }
    }

    /// Confines this process and becomes the command. Comes back only if that fails.
    #[expect(clippy::disallowed_methods, reason = "this process becomes the command")]
    pub fn become_command(policy: &Policy, words: &[OsString]) -> String {
        // Nobody's child is left behind.
        let _ = rustix::process::set_parent_process_death_signal(Some(rustix::process::Signal::KILL));
        leave_the_network();
        if let Err(error) = confine(policy) {
            return error;
        }
        let Some((program, arguments)) = words.split_first() else { return "there is no command".into() };
        let error = Command::new(program).args(arguments).exec();
        format!("{}: {error}", Path::new(program).display())
    }
}

#[cfg(target_os = "linux")]
pub use linux::{become_command, missing};

/// What the system lacks for full confinement, in words.
#[cfg(not(target_os = "linux"))]
pub fn missing() -> Option<String> {
    Some("processes are not confined: that needs Linux".into())
}

/// Confines this process and becomes the command; elsewhere than on Linux there is no confinement.
#[cfg(not(target_os = "linux"))]
pub fn become_command(_: &Policy, _: &[std::ffi::OsString]) -> String {
    "confinement needs Linux".into()
}
