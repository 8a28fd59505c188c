import Cryptography
import Migrations
import Storage
import Support
import Testing

/// A store of a former version, whose payloads lay apart from their entries.
@Suite struct EntryMigrationTests {
    private static let step = "m0021_entries"

    @Test(arguments: Engine.allCases)
    func `entries of a former version keep their bytes, payloads and references`(engine: Engine) async throws {
        let former = Array(Schema.migrations.prefix { $0.name != Self.step })
        let store = try await TestStore.open(engine, migrations: former)
        try await store.database.write { tx in
            for seq in 0..<3 {
                let hash = SHA256.hash("\(seq)".utf8).bytes
                try tx.execute(
                    "INSERT INTO entry (vin, seq, hash, envelope) VALUES (\("V"), \(seq), \(hash), \("{\(seq)}"))"
                )
                // The second one's was erased.
                if seq != 1 {
                    try tx.execute("INSERT INTO payload (vin, seq, payload) VALUES (\("V"), \(seq), \("保养 \(seq)"))")
                }
                try tx.execute(
                    "INSERT INTO source_ref (source, ref, vin, seq) VALUES (\("org_1"), \("单号 \(seq)"), \("V"), \(seq))"
                )
            }
        }
        let migrator = Migrator(Schema.migrations, dialect: engine.dialect, database: store.database)
        let applied = try await migrator.apply()
        #expect(applied.first == Self.step)
        try await store.database.read { tx in
            let rows = try tx.rows("SELECT envelope, payload FROM entry WHERE vin = \("V") ORDER BY seq")
            #expect(try rows.map { try $0.text(0) } == ["{0}", "{1}", "{2}"])
            #expect(try rows.map { try $0.optionalText(1) } == ["保养 0", nil, "保养 2"])
            for seq in 0..<3 {
                let digest = Array(SHA256.hash("org_1\n单号 \(seq)".utf8).bytes.prefix(16))
                let found = try tx.first("SELECT vin, seq FROM entry_ref WHERE digest = \(digest)")
                #expect(try found?.text(0) == "V" && found?.integer(1) == Int64(seq))
            }
        }
    }
}
