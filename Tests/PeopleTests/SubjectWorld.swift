import Core
import Cryptography
import Identity
import People
import Storage
import Support

/// A store and a vault for one test.
struct SubjectWorld: Sendable {
    let store: TestStore
    let vault: SubjectVault

    static let index = BlindIndex(key: SecretBytes([UInt8](repeating: 9, count: 32)))
    static let origin = Origin(organization: "org_1", credential: "key_1", requestID: "request-1")
    /// Nobody's: made up to be looked for.
    static let person: [PersonalField: String] = [
        .name: "欧阳若曦禾", .phone: "13812345678", .email: "ruoxi.ouyang@example.com",
        .residentID: "110105199003078879", .address: "北京市朝阳区梧桐里甲七号", .bankCard: "6222021234567890123",
        .plate: "京A12345",
    ]

    static func open(_ engine: Engine, in place: TestStore.Place = .memory) async throws -> SubjectWorld {
        SubjectWorld(store: try await TestStore.open(engine, in: place), vault: vault(current: "k1"))
    }

    static func vault(current: String, retired: [String] = []) -> SubjectVault {
        SubjectVault(keys: WrappingKeys(current: wrapping(current), retired: retired.map(wrapping)), index: index)
    }

    /// The same identifier gives the same key.
    static func wrapping(_ id: String) -> WrappingKeys.Key {
        try! WrappingKeys.Key(id: id, secret: SecretBytes(SHA256.hash(Array(id.utf8)).bytes))
    }

    func write<Result: Sendable>(
        _ body: @escaping @Sendable (any Transaction) throws -> Result
    ) async throws -> Result {
        try await store.database.write(body)
    }

    func read<Result: Sendable>(
        _ body: @escaping @Sendable (any Transaction) throws -> Result
    ) async throws -> Result {
        try await store.database.read(body)
    }

    func person(_ values: [PersonalField: String] = SubjectWorld.person) async throws -> SubjectID {
        try await write { [vault] in try vault.create($0, values) }
    }

    /// What `read` gives, with nothing said of the reader.
    func values(_ id: SubjectID) async throws -> [PersonalField: String] {
        try await write { [vault] tx in
            try vault.read(tx, id, Set(PersonalField.allCases), for: .claimHandling, by: SubjectWorld.origin)
        }
    }

    /// The log of reads, the oldest first.
    func reads(_ id: SubjectID) async throws -> [Row] {
        try await read { tx in
            try tx.rows(
                """
                SELECT seq, fields, purpose, reason, organization, credential, request_id
                FROM subject_read
                WHERE subject = \(id.text)
                ORDER BY seq
                """
            )
        }
    }
}
