/// Walks along the text of SQL and knows what is a statement and what only looks like one: quotes and comments. The
/// portable subset has no functions, whose bodies would hide more.
package struct SQLScanner {
    package enum Kind: Sendable {
        case statement
        case quoted
        case comment
    }

    private enum Place {
        case statement
        case quoted(by: UInt8)
        case lineComment
        case blockComment
    }

    private let bytes: [UInt8]
    private var place = Place.statement
    /// Of the piece that comes next.
    package private(set) var index = 0

    package init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Whether the text so far ends within a quote or a comment that wants an end.
    package var isOpen: Bool {
        switch place {
        case .statement, .lineComment: false
        case .quoted, .blockComment: true
        }
    }

    /// - Returns: the next piece, one or two bytes long, and what it is part of; `nil` at the end.
    package mutating func next() -> (range: Range<Int>, kind: Kind)? {
        guard index < bytes.count else { return nil }
        let (kind, length) = step()
        defer { index += length }
        return (index..<index + length, kind)
    }

    private mutating func step() -> (Kind, Int) {
        switch place {
        case .statement:
            return stepInStatement()
        case .quoted(let quote):
            // A doubled quote stands for itself: leaving and entering again comes to the same.
            if bytes[index] == quote { place = .statement }
            return (.quoted, 1)
        case .lineComment:
            if bytes[index] == UInt8(ascii: "\n") { place = .statement }
            return (.comment, 1)
        case .blockComment:
            guard begins("*/") else { return (.comment, 1) }
            place = .statement
            return (.comment, 2)
        }
    }

    private mutating func stepInStatement() -> (Kind, Int) {
        switch bytes[index] {
        case UInt8(ascii: "'"), UInt8(ascii: "\""):
            place = .quoted(by: bytes[index])
            return (.quoted, 1)
        case UInt8(ascii: "-") where begins("--"):
            place = .lineComment
            return (.comment, 2)
        case UInt8(ascii: "/") where begins("/*"):
            place = .blockComment
            return (.comment, 2)
        default:
            return (.statement, 1)
        }
    }

    private func begins(_ text: StaticString) -> Bool {
        text.withUTF8Buffer { bytes[index...].starts(with: $0) }
    }
}
