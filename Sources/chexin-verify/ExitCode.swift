/// What the shell is told; the same three as of every command here.
enum ExitCode: Int32 {
    /// Genuine, unchanged and complete.
    case genuine = 0
    /// A check has failed, or rests on one that has. What is no proof bundle has failed the first of them.
    case failed = 1
    /// The command was not understood, or a file that it names cannot be read.
    case misuse = 2
}
