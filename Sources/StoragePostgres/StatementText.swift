import CLibPQ
import Cryptography
import Storage

/// A statement as PostgreSQL wants it.
final class StatementText {
    let text: String
    let placeholderCount: Int
    /// The statement would begin or end a transaction, which is the store's business.
    let controlsTransaction: Bool
    /// It certainly leaves the store as it is.
    let isQuery: Bool
    /// What it is prepared under on the connection that keeps it, by the types of its binds.
    var names: [(types: [Oid], name: String)] = []

    /// Numbers the placeholders. A question mark in a quote or a comment is none.
    /// - Parameter locksRows: nobody else may change the rows that it finds before the transaction ends.
    init(portable: String, locksRows: Bool = false) {
        let bytes = Array(portable.utf8)
        var scanner = SQLScanner(bytes)
        var numbered: [UInt8] = []
        numbered.reserveCapacity(bytes.count + 16)
        var count = 0
        var firstWord = FirstWord()
        while let (range, kind) = scanner.next() {
            if kind == .statement { firstWord.take(bytes[range.lowerBound]) }
            if kind == .statement, bytes[range.lowerBound] == UInt8(ascii: "?") {
                count += 1
                numbered.append(contentsOf: "$\(count)".utf8)
            } else {
                numbered.append(contentsOf: bytes[range])
            }
        }
        let text = String(decoding: numbered, as: UTF8.self)
        self.text = locksRows ? text + " FOR UPDATE" : text
        placeholderCount = count
        controlsTransaction = StatementText.controls.contains(firstWord.text)
        isQuery = firstWord.text == "SELECT"
    }

    /// A name made of what it stands for, so that it never stands for another statement: a pooler may hand a connection
    /// the server's end of another one, with everything that was prepared there.
    func name(types: [Oid]) -> String {
        var bytes = Array(text.utf8)
        for type in types { bytes.append(contentsOf: " \(type)".utf8) }
        return String(SHA256.hash(bytes).hex.prefix(Self.nameLength))
    }

    private static let nameLength = 40
    private static let controls: Set<String> = [
        "ABORT", "BEGIN", "COMMIT", "END", "PREPARE", "RELEASE", "ROLLBACK", "SAVEPOINT", "START",
    ]
}

/// The letters that a statement begins with, in upper case.
private struct FirstWord {
    private(set) var text = ""
    private var isOver = false

    mutating func take(_ byte: UInt8) {
        guard !isOver else { return }
        let letter = byte & 0xDF
        if (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(letter) {
            text.unicodeScalars.append(Unicode.Scalar(letter))
        } else {
            isOver = !text.isEmpty
        }
    }
}
