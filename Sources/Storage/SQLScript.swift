/// The statements of a migration, each ended by a semicolon. Knows what may hide one: quotes and comments. The portable
/// subset has no triggers and no functions, whose bodies would.
struct SQLScript {
    private enum Place {
        case statement
        case quoted(by: UInt8)
        case lineComment
        case blockComment
    }

    private let bytes: [UInt8]
    private var place = Place.statement
    private var statementStart = 0
    private var hasContent = false
    private var statements: [SQL] = []

    private init(_ text: String) {
        bytes = Array(text.utf8)
    }

    /// - Throws: `StoredDataError` where a quote or a comment is left open.
    static func statements(of text: String) throws -> [SQL] {
        var script = SQLScript(text)
        return try script.run()
    }

    private mutating func run() throws -> [SQL] {
        var index = 0
        while index < bytes.count {
            index += step(at: index)
        }
        switch place {
        case .statement, .lineComment: endStatement(at: bytes.count)
        case .quoted, .blockComment: throw StoredDataError("a quote or a comment is left open in a migration")
        }
        return statements
    }

    /// - Returns: how many bytes it has dealt with.
    private mutating func step(at index: Int) -> Int {
        switch place {
        case .statement:
            return stepInStatement(at: index)
        case .quoted(let quote):
            // A doubled quote stands for itself: leaving and entering again comes to the same.
            if bytes[index] == quote { place = .statement }
        case .lineComment:
            if bytes[index] == UInt8(ascii: "\n") { place = .statement }
        case .blockComment:
            if matches("*/", at: index) {
                place = .statement
                return 2
            }
        }
        return 1
    }

    private mutating func stepInStatement(at index: Int) -> Int {
        let byte = bytes[index]
        switch byte {
        case UInt8(ascii: ";"):
            endStatement(at: index)
            statementStart = index + 1
        case UInt8(ascii: "'"), UInt8(ascii: "\""):
            hasContent = true
            place = .quoted(by: byte)
        case UInt8(ascii: "-") where matches("--", at: index):
            place = .lineComment
        case UInt8(ascii: "/") where matches("/*", at: index):
            place = .blockComment
            return 2
        default:
            hasContent = hasContent || byte > UInt8(ascii: " ")
        }
        return 1
    }

    private mutating func endStatement(at end: Int) {
        if hasContent {
            statements.append(SQL(migration: String(decoding: bytes[statementStart..<end], as: UTF8.self)))
        }
        hasContent = false
    }

    private func matches(_ text: StaticString, at index: Int) -> Bool {
        text.withUTF8Buffer { bytes[index...].starts(with: $0) }
    }
}
