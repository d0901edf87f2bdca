//! The `prove` executable.

fn main() -> std::process::ExitCode {
    prove::main()
}
