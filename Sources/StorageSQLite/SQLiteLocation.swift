/// Where a store lives.
package enum SQLiteLocation: Sendable, Hashable {
    case file(path: String)
    /// Gone when it is closed. For tests and demonstrations.
    case memory

    /// Reads `sqlite::memory:` and `sqlite:<path>`. `nil` for anything else.
    package init?(url: String) {
        guard url.hasPrefix("sqlite:") else { return nil }
        let path = String(url.dropFirst("sqlite:".count))
        guard !path.isEmpty else { return nil }
        self = path == ":memory:" ? .memory : .file(path: path)
    }
}
