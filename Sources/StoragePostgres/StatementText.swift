/// A statement as PostgreSQL wants it.
struct StatementText {
    let text: String
    let placeholderCount: Int
    /// The statement would begin or end a transaction, which is the store's business.
    let controlsTransaction: Bool
    /// It certainly leaves the store as it is.
    let isQuery: Bool

    /// Numbers the placeholders. A question mark in a quote or a comment is none.
    /// - Parameter locksRows: nobody else may change the rows that it finds before the transaction ends.
    init(portable: String, locksRows: Bool = false) {
        var scanner = PlaceholderScanner(portable)
        let numbered = scanner.run()
        text = locksRows ? numbered + " FOR UPDATE" : numbered
        placeholderCount = scanner.count
        let firstWord = scanner.firstWord.uppercased()
        controlsTransaction = StatementText.controls.contains(firstWord)
        isQuery = firstWord == "SELECT"
    }

    private static let controls: Set<String> = [
        "ABORT", "BEGIN", "COMMIT", "END", "PREPARE", "RELEASE", "ROLLBACK", "SAVEPOINT", "START",
    ]
}

private struct PlaceholderScanner {
    private enum Place {
        case statement
        case quoted(by: UInt8)
        case lineComment
        case blockComment
    }

    private let bytes: [UInt8]
    private var place = Place.statement
    private var output: [UInt8] = []
    private var index = 0
    private(set) var count = 0
    private(set) var firstWord = ""
    private var isFirstWordOver = false

    init(_ text: String) {
        bytes = Array(text.utf8)
        output.reserveCapacity(bytes.count + 16)
    }

    mutating func run() -> String {
        while index < bytes.count { step() }
        return String(decoding: output, as: UTF8.self)
    }

    private mutating func step() {
        let byte = bytes[index]
        switch place {
        case .statement: stepInStatement(byte)
        case .quoted(let quote):
            // A doubled quote stands for itself: leaving and entering again comes to the same.
            if byte == quote { place = .statement }
            copy(1)
        case .lineComment:
            if byte == UInt8(ascii: "\n") { place = .statement }
            copy(1)
        case .blockComment:
            let ends = begins("*/")
            if ends { place = .statement }
            copy(ends ? 2 : 1)
        }
    }

    private mutating func stepInStatement(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "?"):
            count += 1
            output.append(contentsOf: "$\(count)".utf8)
            index += 1
        case UInt8(ascii: "'"), UInt8(ascii: "\""):
            place = .quoted(by: byte)
            copy(1)
        case UInt8(ascii: "-") where begins("--"):
            place = .lineComment
            copy(2)
        case UInt8(ascii: "/") where begins("/*"):
            place = .blockComment
            copy(2)
        default:
            noteFirstWord(byte)
            copy(1)
        }
    }

    private mutating func noteFirstWord(_ byte: UInt8) {
        guard !isFirstWordOver else { return }
        let isLetter = (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte & 0xDF)
        if isLetter {
            firstWord.unicodeScalars.append(Unicode.Scalar(byte))
        } else {
            isFirstWordOver = !firstWord.isEmpty
        }
    }

    private mutating func copy(_ length: Int) {
        output.append(contentsOf: bytes[index..<(index + length)])
        index += length
    }

    private func begins(_ text: StaticString) -> Bool {
        text.withUTF8Buffer { bytes[index...].starts(with: $0) }
    }
}
