/// What the shell is told.
enum ExitCode: Int32 {
    /// Genuine, unchanged and complete.
    case genuine = 0
    /// A check has failed, or rests on one that has.
    case failed = 1
    /// The command was not understood.
    case usage = 2
    /// The file is not there, or is no proof bundle.
    case unreadableBundle = 3
    /// The keys are not there, or cannot be read.
    case unreadableKeys = 4
}
