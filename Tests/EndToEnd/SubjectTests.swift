import Core
import Foundation
import Identity
import Logging
import People
import Storage
import Support
import Synchronization
import Testing
import Web

/// Persons over HTTP.
@Suite struct SubjectTests {
    private static let person: [PersonalField: String] = [
        .name: "欧阳若曦禾", .phone: "13812345678", .residentID: "110105199003078879",
        .address: "北京市朝阳区梧桐里甲七号",
    ]

    private func person(_ house: House) async throws -> SubjectID {
        let vault = house.vault
        return try await house.store.database.write { try vault.create($0, SubjectTests.person) }
    }

    private func trail(_ house: House) async throws -> [JSON] {
        try await house.store.database.read { try AuditTrail.page($0, AuditTrail.platformChain, limit: 100) }
            .reversed().map { try JSONParser.parse(Array($0.text.utf8)) }
    }

    @Test(arguments: Engine.allCases)
    func `whoever looks is in the person's log and in the audit trail`(engine: Engine) async throws {
        let house = try await House.open(engine)
        let id = try await person(house)
        let admin = house.administrator
        _ = try await house.post(
            "/v1/subjects/find",
            ["field": "phone", "value": "+86 138 1234 5678", "purpose": "customer_service"],
            as: admin
        )
        _ = try await house.get("/v1/subjects/\(id)", as: admin)
        let clear = try await house.post(
            "/v1/subjects/\(id)/reveal",
            ["fields": ["name"], "purpose": "dispute", "reason": "核对合同"],
            as: admin,
            headers: [("X-Request-Id", "request-7")]
        )
        #expect(clear.json["values"] == ["name": "欧阳若曦禾"])
        #expect(clear.http.header("Cache-Control") == "no-store")
        let reads = try await house.get("/v1/subjects/\(id)/reads", as: admin)
        let lines = try #require(reads.json["data"]?.arrayValue)
        // The masked look needs no line.
        #expect(lines.map { $0["purpose"] } == ["dispute", "customer_service"])
        #expect(lines[0]["fields"] == ["name"] && lines[0]["reason"] == "核对合同")
        let platform = try await house.platformID()
        #expect(lines[0]["organization"] == JSON(platform))
        #expect(lines[0]["credential"]?.stringValue?.hasPrefix("key_") == true)
        #expect(lines.allSatisfy { $0["request_id"] != .null })
        let noted = try await trail(house).filter { $0["subject"] == JSON(id) || $0["action"] == "subject.find" }
        #expect(noted.map { $0["action"] } == ["subject.find", "subject.reveal"])
        #expect(noted[0]["detail"] == ["field": "phone", "found": 1, "purpose": "customer_service"])
        #expect(noted[1]["detail"] == ["fields": ["name"], "purpose": "dispute"])
    }

    @Test(arguments: Engine.allCases)
    func `what was erased is gone from the store, and what stays leads to nobody`(engine: Engine) async throws {
        let house = try await House.open(engine, in: .disk)
        let id = try await person(house)
        let sealed = try await house.store.database.read { tx in
            try tx.rows("SELECT sealed FROM subject_value WHERE subject = \(id.text)").map { try $0.blob(0) }
                + tx.rows("SELECT wrapped_key FROM subject WHERE id = \(id.text)").map { try $0.blob(0) }
        }
        #expect(sealed.count == 5)
        let before = try await house.store.backup()
        for bytes in sealed { #expect(SubjectTests.holds(before, bytes)) }
        let body: JSON = ["reason": "本人申请"]
        let erased = try await house.post("/v1/subjects/\(id)/erasure", body, as: house.administrator)
        #expect(erased.status == 200 && erased.json["erased_at"] != .null, "\(erased.json)")
        let after = try await house.store.backup()
        for bytes in sealed { #expect(!SubjectTests.holds(after, bytes)) }
        let again = try await house.post("/v1/subjects/\(id)/erasure", body, as: house.administrator)
        #expect(again.json == erased.json)
        let reveal: JSON = ["fields": ["name"], "purpose": "dispute", "reason": "核对"]
        let nothing = try await house.post("/v1/subjects/\(id)/reveal", reveal, as: house.administrator)
        #expect(nothing.status == 200 && nothing.json["values"] == .object([]))
        let search: JSON = ["field": "name", "value": "欧阳若曦禾", "purpose": "dispute"]
        let found = try await house.post("/v1/subjects/find", search, as: house.administrator)
        #expect(found.json["data"] == .array([]))
        #expect(try await trail(house).contains { $0["action"] == "subject.erase" && $0["subject"] == JSON(id) })
    }

    /// Everything that a person's values pass through: answers that are right, refused and broken.
    @Test(arguments: Engine.allCases)
    func `no value is found in the log, the store or its backup`(engine: Engine) async throws {
        let log = CapturedLog()
        let house = try await House.open(engine, in: .disk, logger: log.logger)
        let id = try await person(house)
        let admin = house.administrator
        let bodies: [(String, JSON)] = [
            ("find", ["field": "phone", "value": "13812345678", "purpose": "dispute"]),
            ("find", ["field": "resident_id", "value": "110105199003078879", "purpose": "伪造"]),
            ("find", ["field": "name", "value": "欧阳若曦禾", "purpose": "dispute", "欧阳若曦禾": 1]),
            ("\(id)/reveal", ["fields": ["name", "phone"], "purpose": "dispute", "reason": "找欧阳若曦禾"]),
            ("\(id)/reveal", ["fields": ["name", "phone", "address"], "purpose": "dispute", "reason": "核对"]),
            ("\(id)/export", ["reason": "本人 138 1234 5678 申请"]), ("\(id)/export", ["reason": "本人申请"]),
            ("\(id)/holds", ["reason": "110105199003078879", "legal_basis": "梧桐里"]),
        ]
        let keyed: HTTPClient.Headers = [("Idempotency-Key", "once")]
        for (path, body) in bodies {
            _ = try await house.post("/v1/subjects/\(path)", body, as: admin)
            _ = try await house.post("/v1/subjects/\(path)", body, as: admin, headers: keyed)
        }
        // A key that nobody knows: the answer is a defect, and is logged as one.
        try await house.store.database.write { tx in
            _ = try tx.execute("UPDATE subject SET wrapping_key_id = 'unknown' WHERE id = \(id.text)")
        }
        let broken = try await house.post("/v1/subjects/\(bodies[4].0)", bodies[4].1, as: admin)
        #expect(broken.status == 500)
        #expect(log.text.contains("request failed"))
        let stored = try await house.store.backup()
        for text in SubjectTests.person.values {
            for form in [Array(text.utf8), Array(Data(text.utf8).base64EncodedString().dropLast(4).utf8)] {
                #expect(!SubjectTests.holds(stored, form))
                #expect(!SubjectTests.holds(Array(log.text.utf8), form), "\(log.text)")
            }
            let escaped = text.unicodeScalars.map { String(format: "\\u%04x", $0.value) }.joined()
            #expect(!log.text.contains(escaped))
        }
    }

    private static func holds(_ bytes: [UInt8], _ part: [UInt8]) -> Bool {
        let data = Data(bytes)
        // A dump writes bytes in hexadecimal.
        return data.range(of: Data(part)) != nil || data.range(of: Data(part.hex.utf8)) != nil
    }
}

/// Every line of every level, as the server writes it.
private final class CapturedLog: Sendable {
    private let lines = Mutex<[UInt8]>([])

    var text: String { String(decoding: lines.withLock { $0 }, as: UTF8.self) }

    var logger: Logger {
        Logger(label: "test") { label in
            JSONLogHandler(label: label, level: .trace) { bytes in self.lines.withLock { $0 += bytes } }
        }
    }
}
