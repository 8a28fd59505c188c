/// The statements of a migration, each ended by a semicolon.
enum SQLScript {
    /// - Throws: `StoredDataError` where a quote or a comment is left open.
    static func statements(of text: String) throws -> [SQL] {
        let bytes = Array(text.utf8)
        var scanner = SQLScanner(bytes)
        var statements: [SQL] = []
        var start = 0
        var hasContent = false
        func end(at end: Int) {
            if hasContent { statements.append(SQL(migration: String(decoding: bytes[start..<end], as: UTF8.self))) }
            hasContent = false
        }
        while let (range, kind) = scanner.next() {
            let byte = bytes[range.lowerBound]
            switch kind {
            case .statement where byte == UInt8(ascii: ";"):
                end(at: range.lowerBound)
                start = range.upperBound
            case .statement: hasContent = hasContent || byte > UInt8(ascii: " ")
            case .quoted: hasContent = true
            case .comment: break
            }
        }
        guard !scanner.isOpen else { throw StoredDataError("a quote or a comment is left open in a migration") }
        end(at: bytes.count)
        return statements
    }
}
