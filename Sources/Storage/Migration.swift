import Cryptography

/// One step of the schema. Never edited once it is released: the next step corrects it.
package struct Migration: Sendable {
    /// Also its file's name: `m0001_web`.
    package let name: String
    private let scripts: [Dialect: [UInt8]]

    package init(_ name: String, _ scripts: [Dialect: [UInt8]]) {
        self.name = name
        self.scripts = scripts
    }

    /// SHA-256 of the script, in hexadecimal: tells later whether it is still the one that ran.
    func checksum(for dialect: Dialect) throws -> String {
        try SHA256.hash(script(for: dialect)).hex
    }

    func statements(for dialect: Dialect) throws -> [SQL] {
        try SQLScript.statements(of: String(decoding: script(for: dialect), as: UTF8.self))
    }

    private func script(for dialect: Dialect) throws -> [UInt8] {
        guard let script = scripts[dialect] else {
            throw StoredDataError("migration \(name) has no script for \(dialect.rawValue)")
        }
        return script
    }
}

/// What a store and a program know about a migration.
package enum MigrationState: Sendable, Hashable {
    case applied(checksum: String)
    case pending
    /// It ran with another text than the one that the program has.
    case changed
    /// The store has it and the program does not: a newer program was here.
    case unknown
}

package struct MigrationStatus: Sendable, Hashable {
    package let name: String
    package let state: MigrationState

    package init(name: String, state: MigrationState) {
        self.name = name
        self.state = state
    }
}
