package import Storage

/// What a target holds of a move that is not finished: the seals of the source. While it stands there, the store is not
/// to be served from.
package enum MoveNote {
    static let factName = "store_move"

    package static func stands(in tx: any Transaction) throws -> Bool {
        try read(tx) != nil
    }

    static func read(_ tx: any Transaction) throws -> String? {
        try tx.first("SELECT value FROM store_fact WHERE name = \(factName)")?.text(0)
    }

    static func write(_ tx: any Transaction, _ seals: [TableSeal]) throws {
        try tx.execute("INSERT INTO store_fact (name, value) VALUES (\(factName), \(text(of: seals)))")
    }

    static func remove(_ tx: any Transaction) throws {
        try tx.execute("DELETE FROM store_fact WHERE name = \(factName)")
    }

    static func text(of seals: [TableSeal]) -> String {
        seals.map(\.line).joined(separator: "\n")
    }
}
