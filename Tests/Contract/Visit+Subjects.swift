import Core
import People
import Storage
import Support
import Testing
import Web

// The steps of a walk that concern persons.

extension Visit {
    private static let phone = "13812345678"

    func subjects(_ workshop: Member) async throws {
        let person = try await person()
        try await finding(person)
        try await looking(person, workshop)
        try await outbox(person)
        try await holding(person)
        try await asking(person)
    }

    /// Slices make persons; no endpoint does.
    private func person() async throws -> SubjectID {
        let vault = server.vault
        return try await server.store.database.write { tx in
            try vault.create(tx, [.name: "张伟", .phone: Visit.phone, .address: "梧桐里七号"])
        }
    }

    private func finding(_ person: SubjectID) async throws {
        let search: JSON = ["field": "phone", "value": JSON(Visit.phone), "purpose": "customer_service"]
        let found = try await call("findSubjects", Request(key: administrator, json: search))
        #expect(found.json["data"]?.arrayValue?.first?["values"]?["phone"] == "138****5678")
        let nobody: JSON = ["field": "name", "value": "李娜", "purpose": "dispute"]
        #expect(try await call("findSubjects", Request(key: administrator, json: nobody)).json["data"] == .array([]))
        let wrong: [JSON] = [
            ["field": "address", "value": "梧桐里七号", "purpose": "dispute"],
            ["field": "phone", "value": JSON(Visit.phone), "purpose": "delivery"],
            ["field": "phone", "purpose": "dispute"],
        ]
        for json in wrong {
            try await refuse("findSubjects", "invalid_request", Request(key: administrator, json: json))
        }
    }

    private func looking(_ person: SubjectID, _ workshop: Member) async throws {
        let id = ["id": person.text]
        let masked = try await call("getSubject", Request(parameters: id, key: administrator))
        #expect(masked.json["values"] == ["address": "****", "name": "张*", "phone": "138****5678"])
        try await refuse("getSubject", "not_found", Request(parameters: anyParameters, key: administrator))
        try await refuse("getSubject", "forbidden", Request(parameters: id, key: workshop.key))
        let wish: JSON = ["fields": ["name", "phone"], "purpose": "claim_handling", "reason": "回访"]
        var request = Request(parameters: id, key: administrator, json: wish)
        let clear = try await call("revealSubject", request)
        #expect(clear.json["values"] == ["name": "张伟", "phone": JSON(Visit.phone)])
        request.json = ["fields": ["name", "shoe_size"], "purpose": "claim_handling", "reason": "回访"]
        let wrong = try await refuse("revealSubject", "invalid_request", request)
        #expect(wrong.json["errors"]?.arrayValue?.first?["pointer"] == "/fields/1")
        request.json = ["fields": ["name"], "purpose": "claim_handling", "reason": "回访张伟"]
        let named = try await refuse("revealSubject", "invalid_request", request)
        #expect(named.json["errors"]?.arrayValue?.first?["code"] == "personal_data")
        request = Request(parameters: anyParameters, key: administrator, json: wish)
        try await refuse("revealSubject", "not_found", request)
        try await paging("listSubjectReads", id, administrator)
        try await refuse("listSubjectReads", "not_found", Request(parameters: anyParameters, key: administrator))
    }

    private func outbox(_ person: SubjectID) async throws {
        let kind = MessageKind("sign_in_code", zh: "验证码 {code}", en: "Your code is {code}")
        let channel = Outbox(vault: server.vault)
        let messages = try await server.store.database.write { tx in
            try (0..<2).map { number in
                let parameters = ["code": "48291\(number)"]
                return try channel.send(tx, Message(kind, to: person, at: .phone, parameters, ttlSeconds: 300))
            }
        }
        try await paging("listOutbox", [:], administrator)
        var request = Request(parameters: ["id": messages[0].text], key: administrator)
        request.json = ["purpose": "customer_service", "reason": "电话转告"]
        let shown = try await call("revealOutboxMessage", request)
        #expect(shown.json["text"] == "验证码 482910")
        #expect(shown.json["recipient"]?["value"] == JSON(Visit.phone))
        request.json = ["purpose": "customer_service"]
        try await refuse("revealOutboxMessage", "invalid_request", request)
        request = Request(parameters: anyParameters, key: administrator)
        request.json = ["purpose": "customer_service", "reason": "电话转告"]
        try await refuse("revealOutboxMessage", "not_found", request)
    }

    private func holding(_ person: SubjectID) async throws {
        let id = ["id": person.text]
        let draft: JSON = ["reason": "理赔未结", "legal_basis": "电子商务法第三十一条"]
        let keyed: HTTPClient.Headers = [("Idempotency-Key", "hold-1")]
        var place = Request(parameters: id, key: administrator, headers: keyed, json: draft)
        let hold = try await call("placeSubjectHold", place)
        #expect(try await call("placeSubjectHold", place).http.header("Idempotency-Replayed") == "true")
        place.json = ["reason": "另一事由", "legal_basis": "电子商务法第三十一条"]
        try await refuse("placeSubjectHold", "idempotency_key_reused", place)
        place.headers = []
        place.json = ["reason": "理赔未结"]
        try await refuse("placeSubjectHold", "invalid_request", place)
        place = Request(parameters: anyParameters, key: administrator, json: draft)
        try await refuse("placeSubjectHold", "not_found", place)
        try await call("listSubjectHolds", Request(parameters: id, key: administrator))
        try await refuse("listSubjectHolds", "not_found", Request(parameters: anyParameters, key: administrator))
        let erasure = Request(parameters: id, key: administrator, json: ["reason": "本人申请"])
        let held = try await refuse("eraseSubject", "legal_hold", erasure)
        #expect(held.json["errors"]?.arrayValue?.count == 1)
        let which = id.merging(["hold": try hold.text("id")]) { $1 }
        var release = Request(parameters: which, key: administrator, json: ["reason": ""])
        try await refuse("releaseSubjectHold", "invalid_request", release)
        release.json = ["reason": "理赔已结"]
        try await call("releaseSubjectHold", release)
        try await refuse("releaseSubjectHold", "hold_released", release)
        release.parameters = id.merging(["hold": "hld_x"]) { $1 }
        try await refuse("releaseSubjectHold", "not_found", release)
    }

    private func asking(_ person: SubjectID) async throws {
        let id = ["id": person.text]
        var request = Request(parameters: id, key: administrator, json: ["reason": "本人申请"])
        let everything = try await call("exportSubject", request)
        #expect(everything.json["values"]?["name"] == "张伟")
        #expect(everything.json["held"]?["outbox"]?.arrayValue?.count == 2)
        #expect(try await call("eraseSubject", request).json["values"] == .object([]))
        try await call("eraseSubject", request)
        try await call("exportSubject", request)
        let erased = Request(
            parameters: id,
            key: administrator,
            json: ["reason": "理赔", "legal_basis": "电子商务法第三十一条"]
        )
        try await refuse("placeSubjectHold", "subject_erased", erased)
        request.parameters = anyParameters
        for operation in ["exportSubject", "eraseSubject"] { try await refuse(operation, "not_found", request) }
        request = Request(parameters: id, key: administrator, json: ["reason": 1])
        for operation in ["exportSubject", "eraseSubject"] { try await refuse(operation, "invalid_request", request) }
    }
}
