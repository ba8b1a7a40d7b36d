#!/usr/bin/env python3
"""LeanInteract (PyPI, unmodified) with `afcheck repl` for its REPL.

usage: repl_client.py AFCHECK        in a Python that has lean-interact 0.11

LeanInteract starts `lake env REPL` in a folder with a built REPL. There is no lake here: the folder is one of this script's, `lake` is a
shell script that runs what stands behind `env`, and the REPL one that runs afcheck. Everything between is LeanInteract's own code."""

import os
import pathlib
import sys
import tempfile

from lean_interact import AutoLeanServer, Command, FileCommand, LeanREPLConfig, LeanServer, ProofStep
from lean_interact.interface import CommandResponse, LeanError, PickleEnvironment, ProofStepResponse, UnpickleEnvironment


def script(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)


def expect(what, holds):
    print(("ok: " if holds else "FAILED: ") + what, flush=True)
    if not holds:
        sys.exit(1)


def main(afcheck):
    afcheck = os.path.realpath(afcheck)
    with tempfile.TemporaryDirectory() as home:
        home = pathlib.Path(home)
        (home / "lean-toolchain").write_text("leanprover/lean4:v4.28.0\n")
        script(home / "bin/lake", '#!/bin/sh\nif [ "$1" = env ]; then shift; exec "$@"; fi\necho "Lake version 5.0.0"\n')
        script(home / ".lake/build/bin/repl", f'#!/bin/sh\nexec "{afcheck}" repl --quiet\n')
        config = LeanREPLConfig(local_repl_path=home, build_repl=False, lake_path=home / "bin/lake", verbose=True)
        server = LeanServer(config)
        found = server.run(Command(cmd="theorem ex (n : Nat) : n = 5 → n = 5 := sorry"))
        expect(f"a command has a sorry with a goal: {found.sorries[0].goal!r}", isinstance(found, CommandResponse) and "⊢ n = 5 → n = 5" in found.sorries[0].goal)
        expect("and no error", found.lean_code_is_valid())
        expect("but is no proof", not found.lean_code_is_valid(allow_sorry=False))
        step = server.run(ProofStep(proof_state=found.sorries[0].proof_state, tactic="intro h"))
        expect(f"a tactic leaves {step.goals}", isinstance(step, ProofStepResponse) and step.goals == ["n : Nat\nh : n = 5\n⊢ n = 5"])
        step = server.run(ProofStep(proof_state=step.proof_state, tactic="exact h"))
        expect(f"another ends it: {step.proof_status}", step.proof_status == "Completed" and step.goals == [])
        wrong = server.run(ProofStep(proof_state=step.proof_state, tactic="exact h"))
        expect("a tactic without a goal is an error", isinstance(wrong, LeanError))
        unknown = server.run(Command(cmd="#check nothing_of_this_name"))
        expect(f"errors are told: {unknown.get_errors()[0].data!r}", not unknown.lean_code_is_valid() and unknown.get_errors()[0].start_pos.column == 7)
        base = server.run(Command(cmd="def f := 37"))
        again = server.run(Command(cmd="example : f = 37 := rfl", env=base.env))
        expect("environments go on from one another", again.lean_code_is_valid(allow_sorry=False))
        tactics = server.run(Command(cmd="example (p : Prop) (h : p) : p := by\n  exact h", all_tactics=True))
        expect(f"tactics are listed: {[tactic.tactic for tactic in tactics.tactics]}", [t.tactic for t in tactics.tactics] == ["exact h"])
        (home / "file.lean").write_text("def g := 1\n")
        file = server.run(FileCommand(path=str(home / "file.lean")))
        expect("files are read", isinstance(file, CommandResponse) and file.lean_code_is_valid())
        pickled = server.run(PickleEnvironment(env=base.env, pickle_to=str(home / "env.olean")))
        expect("environments are pickled", not isinstance(pickled, LeanError))
        server.kill()
        auto = AutoLeanServer(config)
        env = auto.run(UnpickleEnvironment(unpickle_env_from=str(home / "env.olean"))).env
        expect("and read by another process", auto.run(Command(cmd="#reduce f", env=env)).messages[0].data == "37")
        cached = auto.run(Command(cmd="def h := 2"), add_to_session_cache=True)
        auto.kill()
        auto.restart()
        expect("a session is brought back", auto.run(Command(cmd="example : h = 2 := rfl", env=cached.env)).lean_code_is_valid())
        valid = [auto.run(Command(cmd=f"example : {i} + {i} = {2 * i} := rfl")).lean_code_is_valid() for i in range(600)]
        expect("600 commands of one process", all(valid))
        auto.kill()


if __name__ == "__main__":
    main(sys.argv[1])
