import Core
import Cryptography
import Identity
import People
import Storage
import StoreMove
import TransparencyLog

/// What a store was made for, and refuses to be opened without.
enum StoreIdentity {
    /// A store that nobody has been given a key of yet.
    ///
    /// - Throws: `Refused` where only a part of a store is there.
    static func isNew(_ database: any Database) async throws -> Bool {
        try await database.read { tx in
            guard try !MoveNote.stands(in: tx) else {
                throw Refused(
                    message: "A move into this store was broken off. Run chexin migrate-store again: it goes on there."
                )
            }
            return try value(tx, masterCheckName) == nil
        }
    }

    /// The name of the ledger that the store belongs to; `nil` where it has never been served from.
    static func logOrigin(_ tx: any Transaction) throws -> String? {
        try value(tx, logOriginName)
    }

    /// Pins the ledger's name and the master secret at the first start, and compares them at every later one.
    ///
    /// - Throws: `SettingsError`. An entry names its log, so that a store that changed its name could not verify; with
    ///   another master secret no API key would be recognised.
    static func pin(_ database: any Database, logOrigin: String, material: KeyMaterial) async throws {
        let check = SHA256.hash(
            HMACSHA256.authenticate(Array("chexin master check v1".utf8), key: material.pepper).bytes
        ).hex
        try await database.write { tx in
            let pinnedOrigin = try pinned(tx, logOriginName, logOrigin)
            guard pinnedOrigin == logOrigin else {
                throw SettingsError([
                    "CHEXIN_LOG_ORIGIN is \"\(logOrigin)\", and the store belongs to the ledger \"\(pinnedOrigin)\"."
                ])
            }
            guard ConstantTime.equal(Array(try pinned(tx, masterCheckName, check).utf8), Array(check.utf8)) else {
                throw SettingsError(["CHEXIN_KEY_DIR: this is not the master key that the store was made with."])
            }
        }
    }

    /// Makes the first key that wraps those of persons, and pins it; later every key must be there that something is
    /// wrapped by, as what it wraps would be lost without it.
    ///
    /// - Throws: `SettingsError`.
    static func pin(_ database: any Database, _ files: WrappingKeyFiles) async throws -> WrappingKeys {
        let (pinned, used) = try await database.read { tx in
            (try value(tx, wrappingKeyName), try SubjectRotation.wrappingKeyIDs(tx))
        }
        if pinned == nil, used.isEmpty, files.entries().isEmpty { _ = try files.makeCurrent() }
        let known = Set(files.entries().map(\.id))
        if let missing = (used + [pinned].compactMap { $0 }).first(where: { !known.contains($0) }) {
            throw SettingsError([
                "CHEXIN_KEY_DIR: \(files.path(of: missing)) is missing, and personal data is sealed with it. "
                    + "Bring it back from the backup of the keys."
            ])
        }
        let keys = try files.load()
        if pinned == nil {
            _ = try await database.write { try StoreIdentity.pinned($0, wrappingKeyName, keys.currentID) }
        }
        return keys
    }

    /// Makes the keys of the log at its first start, and pins the one that names cars in it.
    ///
    /// - Throws: `SettingsError`. Under another key every car would have another name in the log than its entries.
    static func pin(_ database: any Database, _ files: LogKeyFiles, origin: String) async throws -> LogKeys {
        let isNewLog = try await database.read { try value($0, vehicleKeyName) == nil }
        let keys = try files.load(origin: origin, isNewLog: isNewLog)
        let publicKey = keys.vehicles.publicKey.bytes.hex
        let known = try await database.write { try pinned($0, vehicleKeyName, publicKey) }
        guard known == publicKey else {
            throw SettingsError(["CHEXIN_KEY_DIR: vrf.key is not the key that the cars of this log were named with."])
        }
        return keys
    }

    /// From now on the store cannot do without this key.
    static func repin(_ database: any Database, wrappingKey id: String) async throws {
        _ = try await database.write { tx in
            try tx.execute("UPDATE store_fact SET value = \(id) WHERE name = \(wrappingKeyName)")
        }
    }

    private static let vehicleKeyName = "vrf_key"
    private static let wrappingKeyName = "wrapping_key"
    private static let logOriginName = "log_origin"
    private static let masterCheckName = "master_check"

    private static func pinned(_ tx: any Transaction, _ name: String, _ fresh: String) throws -> String {
        if let stored = try value(tx, name) { return stored }
        try tx.execute("INSERT INTO store_fact (name, value) VALUES (\(name), \(fresh))")
        return fresh
    }

    private static func value(_ tx: any Transaction, _ name: String) throws -> String? {
        try tx.first("SELECT value FROM store_fact WHERE name = \(name)")?.text(0)
    }
}
