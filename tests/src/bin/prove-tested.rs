//! `prove`, built for the tests of this crate, which can start only executables of their own crate.

fn main() -> std::process::ExitCode {
    prove::main()
}
