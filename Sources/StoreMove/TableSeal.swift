package import Cryptography
import Storage

/// What a table holds: how many rows, and a hash over all of them in the order of their key.
package struct TableSeal: Sendable, Hashable {
    package let table: String
    package let rows: Int64
    package let digest: Digest

    /// As it is noted: `entry 1200 9f86…`.
    var line: String { "\(table) \(rows) \(digest.hex)" }
}

/// Adds up a table row by row. The same rows give the same seal on every engine: what is hashed are the values, each
/// behind its kind and its length, so that no two rows run into each other.
struct Sealing {
    private var hash = SHA256()
    private var rows: Int64 = 0

    mutating func add(_ page: [Row]) {
        var bytes: [UInt8] = []
        for row in page {
            for column in 0..<row.count { bytes.append(row[column]) }
        }
        hash.update(bytes)
        rows += Int64(page.count)
    }

    consuming func seal(of table: String) -> TableSeal {
        TableSeal(table: table, rows: rows, digest: hash.finalize())
    }
}

extension [UInt8] {
    fileprivate mutating func append(_ value: SQLValue) {
        switch value {
        case .null: append(0)
        case .integer(let number):
            append(1)
            append(bigEndian: UInt64(bitPattern: number))
        case .text(let text):
            append(2)
            append(bigEndian: UInt64(text.utf8.count))
            append(contentsOf: text.utf8)
        case .blob(let bytes):
            append(3)
            append(bigEndian: UInt64(bytes.count))
            append(contentsOf: bytes)
        }
    }

    private mutating func append(bigEndian number: UInt64) {
        for shift in stride(from: 56, through: 0, by: -8) { append(UInt8(truncatingIfNeeded: number >> UInt64(shift))) }
    }
}
