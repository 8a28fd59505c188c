import Core
import Support
import Testing
import Web

/// The document against the running server: every operation is called, answers well and refuses, in both languages.
@Suite struct HTTPContractTests {
    @Test(arguments: Language.allCases)
    func `every operation answers as documented`(_ language: Language) async throws {
        let visit = try await Visit(language)
        try await visit.organizations()
        let workshop = try await visit.keys()
        try await visit.signingKeys(workshop)
        let entry = try await visit.events(workshop)
        try await visit.importing(workshop)
        try await visit.reading(entry)
        try await visit.verifying(entry)
        try await visit.erasing(entry)
        try await visit.log(entry)
        try await visit.listings(workshop)
        // Before anybody of the platform has signed in as an administrator.
        try await visit.claims()
        #expect(visit.faults == [])
        try await visit.people(workshop)
        try await visit.subjects(workshop)
        try await visit.imports(workshop)
        try await visit.searching()
        try await visit.pricing(workshop)
        try await visit.warranties()
        try await visit.watches(workshop)
        try await visit.auditing(workshop)
        try await visit.service()
        #expect(visit.faults == [])
        let all = Set(visit.contract.operations.map(\.id))
        #expect(all.subtracting(visit.succeeded).sorted() == [])
        #expect(all.subtracting(visit.refused).sorted() == [])
    }

    @Test(arguments: Language.allCases)
    func `every operation refuses a form that it does not take as documented`(_ language: Language) async throws {
        let visit = try await Visit(language)
        for operation in visit.contract.operations {
            // Slower than what a guesser may do in a minute.
            visit.server.store.clock.advance(seconds: 1)
            var request = Visit.Request(parameters: visit.anyParameters, key: try await visit.key(for: operation))
            request.query = "no_such_member=1"
            try await visit.refuse(operation.id, "invalid_query", request)
            request.query = ""
            request.headers = [("Accept", "application/pdf")]
            try await visit.refuse(operation.id, "not_acceptable", request)
            request.headers = [("Expect", "a-miracle")]
            try await visit.refuse(operation.id, "expectation_failed", request)
            request.headers = [("Authorization", "Bearer chx_live_wrong")]
            request.key = nil
            if operation.json["security"]?.arrayValue?.isEmpty == false {
                try await visit.refuse(operation.id, "invalid_api_key", request)
                try await visit.refuse(operation.id, "unauthenticated", Visit.Request(parameters: visit.anyParameters))
            }
        }
        #expect(visit.faults == [])
    }

    @Test(arguments: Language.allCases)
    func `every operation with a body refuses what it cannot read as documented`(_ language: Language) async throws {
        let visit = try await Visit(language)
        for operation in visit.contract.operations where !operation.bodyTypes.isEmpty {
            var request = Visit.Request(parameters: visit.anyParameters, key: try await visit.key(for: operation))
            request.bytes = Array("{".utf8)
            request.headers = [("Content-Type", "text/html")]
            try await visit.refuse(operation.id, "unsupported_media_type", request)
            let type = operation.bodyTypes[0].name
            request.headers = [("Content-Type", type), ("Content-Encoding", "gzip")]
            try await visit.refuse(operation.id, "unsupported_content_encoding", request)
            request.headers = [("Content-Type", type), ("Content-Digest", "md5=:AAAA:")]
            try await visit.refuse(operation.id, "unsupported_digest", request)
            guard type.hasSuffix("json"), !type.hasSuffix("ndjson") else { continue }
            request.headers = []
            try await visit.refuse(operation.id, "malformed_json", request)
            request.bytes = [UInt8](repeating: UInt8(ascii: " "), count: (1 << 20) + 1)
            try await visit.refuse(operation.id, "payload_too_large", request)
        }
        #expect(visit.faults == [])
    }

    @Test(arguments: Language.allCases)
    func `a guesser is told to wait as documented`(_ language: Language) async throws {
        let visit = try await Visit(language)
        for _ in 0..<RateLimit.authentication.quota {
            try await visit.refuse("getMe", "invalid_api_key", Visit.Request(key: "chx_live_wrong"))
        }
        let answer = try await visit.refuse("getMe", "quota_exceeded", Visit.Request(key: "chx_live_wrong"))
        #expect(answer.json["violated-policies"] == ["authentication"])
        #expect(visit.faults == [])
    }

    /// A schema that promises more than the server takes is a broken promise.
    @Test func `every kind is taken as its schema describes it, and not with another member`() async throws {
        let visit = try await Visit(.english)
        let kinds = visit.contract.schema("EventByKind")["discriminator"]?["mapping"]?.members ?? []
        #expect(kinds.count > 30)
        let first = try await visit.append("odometer.read", ["odometer_km": 1], ref: "first", as: visit.administrator)
        for choice in kinds {
            let schema = visit.contract.schema(choice.value.stringValue ?? "")
            let pointsAtEntry = schema["properties"]?["corrects"] != nil
            let corrects = pointsAtEntry ? [JSON.Member("corrects", JSON(try first.text("hash")))] : []
            let sample = SchemaSample(contract: visit.contract)
            var data = sample.members(of: schema["properties"]?["data"] ?? .null)
            if pointsAtEntry { data = data.map { $0.name == "data" ? .init("data", ["odometer_km": 2]) : $0 } }
            if pointsAtEntry { data.removeAll { $0.name == "occurred_at" } }
            let unknown = [JSON.Member("no_such_member", 1)]
            let event = visit.event(choice.name, .object(data + unknown), ref: "x", more: corrects)
            let request = Visit.Request(parameters: visit.vehicle, key: visit.administrator, json: event)
            try await visit.refuse("appendEvent", "invalid_request", request)
            _ = try await visit.append(
                choice.name,
                .object(data),
                ref: choice.name,
                as: visit.administrator,
                more: corrects
            )
        }
        #expect(visit.faults == [])
    }
}
