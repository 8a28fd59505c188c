import Core

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Standard output for what was asked for, standard error for the rest.
enum Console {
    static func answer(_ text: String) {
        write(text + "\n", to: STDOUT_FILENO)
    }

    static func note(_ text: String) {
        write(text + "\n", to: STDERR_FILENO)
    }

    /// Somebody looks at a terminal.
    static var isWatched: Bool { isatty(STDERR_FILENO) == 1 }

    /// A count on a terminal, where nobody knows how many there will be; nothing where nobody is looking.
    static func counter(_ title: String, _ done: Int64, isLast: Bool) {
        guard isWatched else { return }
        write("\r\(title) \(done)\(isLast ? "\n" : "")", to: STDERR_FILENO)
    }

    /// A bar on a terminal; nothing where nobody is looking.
    static func progress(_ title: String, _ done: Int64, of total: Int64) {
        guard isWatched, total > 0 else { return }
        let width = 40
        let filled = Int(min(done, total) * Int64(width) / total)
        let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: width - filled)
        let end = done >= total ? "\n" : ""
        write("\r\(title) [\(bar)] \(done)/\(total)\(end)", to: STDERR_FILENO)
    }

    private static func write(_ text: String, to file: Int32) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { unistd_write(file, $0.baseAddress, $0.count) }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }
}

private func unistd_write(_ file: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
    #if canImport(Glibc)
        Glibc.write(file, bytes, count)
    #else
        Darwin.write(file, bytes, count)
    #endif
}
