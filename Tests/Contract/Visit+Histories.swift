import Core
import Support
import Testing

// The steps of a walk that concern a vehicle's history.

extension Visit {
    func event(_ kind: String, _ data: JSON, ref: String, more: [JSON.Member] = []) -> JSON {
        let members: [JSON.Member] = [
            .init("kind", JSON(kind)), .init("occurred_at", "2026-02-27T06:15:00.000Z"), .init("ref", JSON(ref)),
            .init("data", data),
        ]
        return .object(members + more)
    }

    func append(
        _ kind: String,
        _ data: JSON,
        ref: String,
        as key: String,
        more: [JSON.Member] = []
    ) async throws -> Answer {
        let event = event(kind, data, ref: ref, more: more)
        return try await call("appendEvent", Request(parameters: vehicle, key: key, json: event))
    }

    /// - Returns: the last reading of the odometer.
    func events(_ workshop: Member) async throws -> Answer {
        _ = try await append("vehicle.registered", ["make": "大众", "use": "private"], ref: "r0", as: administrator)
        let reading = try await append("odometer.read", ["odometer_km": 45_210], ref: "r1", as: workshop.key)
        #expect(reading.status == 201)
        #expect(try await append("odometer.read", ["odometer_km": 45_210], ref: "r1", as: workshop.key).status == 200)
        let other = try await append("odometer.read", ["odometer_km": 45_211], ref: "r1", as: workshop.key)
        #expect(other.json["submission_differs"] == true)
        try await refuseEvents(workshop, reading)
        let corrects = [JSON.Member("corrects", JSON(try reading.text("hash")))]
        let correction: JSON = ["reason": "笔误", "data": ["odometer_km": 45_120]]
        _ = try await append("entry.corrected", correction, ref: "r2", as: workshop.key, more: corrects)
        _ = try await append("maintenance.done", ["items": ["机油"]], ref: "r3", as: workshop.key)
        return try await append("odometer.read", ["odometer_km": 45_300], ref: "r4", as: workshop.key)
    }

    private func refuseEvents(_ workshop: Member, _ reading: Answer) async throws {
        func refuse(_ code: String, _ json: JSON, vin: String = Visit.vin) async throws {
            let request = Request(parameters: ["vin": vin], key: workshop.key, json: json)
            try await self.refuse("appendEvent", code, request)
        }
        let data: JSON = ["odometer_km": 1]
        try await refuse("invalid_request", event("odometer.read", ["odometer_km": -1], ref: "x"))
        try await refuse("invalid_request", event("no.such_kind", data, ref: "x"))
        try await refuse("invalid_request", event("odometer.read", data, ref: "x"), vin: "TOO-SHORT")
        try await refuse("kind_not_reportable", event("scrapped", [:], ref: "x"))
        try await refuse("ref_of_another_vehicle", event("odometer.read", data, ref: "r1"), vin: "LSVAU2187N2123456")
        try await refuse("head_changed", event("odometer.read", data, ref: "x", more: [.init("expected_head", "none")]))
        let signature = JSON(String(repeating: "A", count: 86) + "==")
        let signed: [JSON.Member] = [.init("key", "sgk_01kg9h1s00e4c8kp6c5r815r62"), .init("sig", signature)]
        try await refuse("signature_invalid", event("odometer.read", data, ref: "x", more: signed))
        let registration = try await history().json["entries"]?.arrayValue?.first?["hash"] ?? .null
        let retraction = event("entry.retracted", ["reason": "x"], ref: "x", more: [.init("corrects", registration)])
        try await refuse("not_your_entry", retraction)
    }

    private func history() async throws -> Answer {
        try await call("getHistory", Request(parameters: vehicle))
    }

    func importing(_ workshop: Member) async throws {
        func line(_ data: JSON, ref: String) throws -> [UInt8] {
            let event = event("odometer.read", data, ref: ref, more: [.init("vin", JSON(Visit.vin))])
            return event.bytes + [UInt8(ascii: "\n")]
        }
        var request = Request(key: workshop.key, headers: [("Idempotency-Key", "import-1")])
        request.bytes = try line(["odometer_km": 45_400], ref: "i1") + line(["odometer_km": -1], ref: "i2") + [0x0A]
        request.bytes? += try line(["odometer_km": 1], ref: "i1") + Array("{".utf8)
        let answer = try await call("importEvents", request)
        let lines = try answer.http.body.split(separator: 0x0A).map { try JSONParser.parse(Array($0)) }
        #expect(lines.compactMap { $0["status"]?.stringValue } == ["created", "refused", "existing", "refused"])
        #expect(lines[2]["submission_differs"] == true)
        #expect(lines.last?["summary"]?["refused"] == 2)
        request.bytes = [UInt8](repeating: 0x20, count: (64 << 10) + 1)
        let stopped = try await call("importEvents", request)
        #expect(stopped.json["summary"]?["code"] == "line_too_long")
        request.headers = [("Idempotency-Key", "a b")]
        try await refuse("importEvents", "invalid_idempotency_key", request)
    }

    func reading(_ entry: Answer) async throws {
        for id in ["getVehicle", "getReport", "getOdometerChart", "getHistory"] {
            let tag = try await call(id, Request(parameters: vehicle)).entityTag()
            let unchanged = Request(parameters: vehicle, headers: [("If-None-Match", tag)])
            #expect(try await call(id, unchanged).status == 304)
            try await refuse(id, "vehicle_unknown", Request(parameters: ["vin": "LSVAU2187N2123456"]))
            try await refuse(id, "invalid_request", Request(parameters: ["vin": "LSVAU2187N212345O"]))
        }
        let code = try await call("getVehicleCode", Request(parameters: vehicle)).entityTag()
        let known = Request(parameters: vehicle, headers: [("If-None-Match", code)])
        #expect(try await call("getVehicleCode", known).status == 304)
        try await refuse("getVehicleCode", "invalid_request", Request(parameters: ["vin": "LSVAU2187N212345O"]))
        let page = try await call("getHistory", Request(parameters: vehicle, query: "limit=2"))
        let cursor = try page.text("next_cursor")
        try await call("getHistory", Request(parameters: vehicle, query: "limit=2&cursor=\(cursor)"))
        let other = Request(parameters: ["vin": "LSVAU2187N2123456"], query: "cursor=\(cursor)")
        try await refuse("getHistory", "cursor_mismatch", other)
        let lines = Request(parameters: vehicle, headers: [("Accept", "application/x-ndjson")])
        #expect(try await call("getHistory", lines).http.body.contains(0x0A))
        try await call("getEntry", Request(parameters: ["hash": try entry.text("hash")]))
        try await refuse("getEntry", "entry_unknown", Request(parameters: anyParameters))
        try await refuse("getEntry", "invalid_request", Request(parameters: ["hash": "abc"]))
    }

    func verifying(_ entry: Answer) async throws {
        let hashes = (try await history().json["entries"]?.arrayValue ?? []).compactMap { $0["hash"] }
        func verdict(_ vin: String, _ hashes: [JSON]) async throws -> String? {
            let request: JSON = ["vin": JSON(vin), "hashes": .array(hashes)]
            return try await call("verifyHashes", Request(json: request)).json["verdict"]?.stringValue
        }
        #expect(try await verdict(Visit.vin, hashes) == "genuine")
        #expect(try await verdict(Visit.vin, Array(hashes.dropLast())) == "incomplete")
        #expect(try await verdict(Visit.vin, hashes.reversed()) == "altered")
        #expect(try await verdict("LSVAU2187N2123456", []) == "unknown")
        try await refuse("verifyHashes", "invalid_request", Request(json: ["vin": "x", "hashes": ["y"]]))
    }

    func erasing(_ entry: Answer) async throws {
        let erasure: JSON = ["entry": JSON(try entry.text("hash")), "ground": "order", "ref": "e1"]
        var request = Request(parameters: vehicle, key: administrator, json: erasure)
        #expect(try await call("erasePayload", request).status == 201)
        request.json = ["entry": JSON(try entry.text("hash")), "ground": "order", "ref": "e2"]
        try await refuse("erasePayload", "already_erased", request)
        request.json = ["entry": "abc", "ground": "because", "ref": "e2"]
        try await refuse("erasePayload", "invalid_request", request)
        let unknown = JSON(String(repeating: "0", count: 64))
        request.json = ["entry": unknown, "ground": "order", "ref": "e2"]
        try await refuse("erasePayload", "entry_unknown", request)
        // What was erased reads as erased everywhere.
        let erased = try await call("getEntry", Request(parameters: ["hash": try entry.text("hash")]))
        #expect(erased.json["payload"] == .null)
        try await reading(entry)
        try await verifying(entry)
    }
}
