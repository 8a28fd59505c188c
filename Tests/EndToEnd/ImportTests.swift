import Core
import Support
import Testing

/// Histories in bulk.
@Suite struct ImportTests {
    private func line(_ ref: String, _ km: Int, vin: String = House.vin) -> String {
        """
        {"vin":"\(vin)","kind":"odometer.read","occurred_at":"2025-01-01T00:00:00Z","ref":"\(ref)","data":{"odometer_km":\(km)}}
        """
    }

    private func send(_ house: House, _ text: String, as key: String, language: String = "zh-CN") async throws -> [JSON]
    {
        let answer = try await house.client.send(
            "POST",
            "/v1/events/import",
            headers: [
                ("Authorization", "Bearer \(key)"), ("Content-Type", "application/x-ndjson"),
                ("Accept-Language", language),
            ],
            body: Array(text.utf8)
        )
        #expect(answer.status == 200, "\(answer.text)")
        return try answer.body.split(separator: 0x0A).map { try JSONParser.parse(Array($0)) }
    }

    @Test func `good lines land, bad ones say why, and each is told by its number`() async throws {
        let house = try await House.open()
        let workshop = try await house.workshop()
        let text = [
            line("a", 1000), "not json", line("b", -5), "", line("c", 2000, vin: "LFV2A21K0G4012345"), line("d", 3000),
            line("a", 1000),
            #"{"vin":"\#(House.vin)","kind":"plate.changed","occurred_at":"2025-01-01T00:00:00Z","ref":"p","data":{"plate_region":"浙A"}}"#,
        ].joined(separator: "\n")
        let results = try await send(house, text, as: workshop.key)
        let byLine = results.dropLast().map {
            "\($0["line"]?.integerValue ?? 0) \($0["status"]?.stringValue ?? "") \($0["code"]?.stringValue ?? "")"
        }
        #expect(
            byLine == [
                "1 created ", "2 refused malformed_json", "3 refused invalid_request", "5 refused invalid_request",
                "6 created ", "7 existing ", "8 refused kind_not_reportable",
            ]
        )
        let summary = results.last?["summary"]
        #expect(summary?["lines"] == 8)
        #expect(summary?["created"] == 2)
        #expect(summary?["existing"] == 1)
        #expect(summary?["refused"] == 4)
        #expect(summary?["complete"] == true)
        #expect(try await house.lines().count == 2)
        let english = try await send(house, text, as: workshop.key, language: "en")
        #expect(english[1]["detail"] != results[1]["detail"])
    }

    @Test func `the same file again adds nothing`() async throws {
        let house = try await House.open()
        let workshop = try await house.workshop()
        let text = (1...600).map { line("r\($0)", $0 * 10) }.joined(separator: "\n") + "\n"
        let first = try await send(house, text, as: workshop.key)
        let second = try await send(house, text, as: workshop.key)
        #expect(first.last?["summary"]?["created"] == 600)
        #expect(second.last?["summary"]?["created"] == 0)
        #expect(second.last?["summary"]?["existing"] == 600)
        #expect(try await house.lines().count == 600)
    }

    @Test func `an import that is cut off goes on where it was`() async throws {
        let house = try await House.open()
        let workshop = try await house.workshop()
        let text = (1...1000).map { line("r\($0)", $0 * 10) }.joined(separator: "\n") + "\n"
        let socket = try await house.server.connect()
        let head =
            "POST /v1/events/import HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \(workshop.key)\r\n"
            + "Content-Type: application/x-ndjson\r\nContent-Length: \(text.utf8.count)\r\n\r\n"
        await socket.send(head + String(text.prefix(60_000)))
        await socket.close()
        let results = try await send(house, text, as: workshop.key)
        let summary = results.last?["summary"]
        let created = summary?["created"]?.integerValue ?? 0
        #expect(created + (summary?["existing"]?.integerValue ?? 0) == 1000)
        #expect(try await house.lines().count == 1000)
    }

    @Test func `a client that waits to be told to go on gets an answer it can read`() async throws {
        let house = try await House.open()
        let workshop = try await house.workshop()
        let text = (1...300).map { line("r\($0)", $0 * 10) }.joined(separator: "\n") + "\n"
        let socket = try await house.server.connect()
        let head =
            "POST /v1/events/import HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \(workshop.key)\r\n"
            + "Content-Type: application/x-ndjson\r\nExpect: 100-continue\r\nConnection: close\r\n"
            + "Content-Length: \(text.utf8.count)\r\n\r\n"
        await socket.send(head + text)
        let answer = try await socket.readToEnd()
        #expect(answer.hasPrefix("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n"))
        #expect(answer.ranges(of: "HTTP/1.1 ").count == 2)
        #expect(answer.contains(#""created":300"#))
    }

    @Test func `a line that is too long ends the import and says where to go on`() async throws {
        let house = try await House.open()
        let workshop = try await house.workshop()
        let text = line("a", 1) + "\n" + String(repeating: "x", count: 70_000) + "\n" + line("b", 2)
        let results = try await send(house, text, as: workshop.key)
        let summary = results.last?["summary"]
        #expect(summary?["complete"] == false)
        #expect(summary?["code"] == "line_too_long")
        #expect(summary?["resume_from_line"] != .null)
    }

    @Test func `an import leaves one record in the audit trail`() async throws {
        let house = try await House.open()
        let workshop = try await house.workshop()
        _ = try await send(house, line("a", 1) + "\n" + line("b", 2), as: workshop.key)
        let trail = try await house.get("/v1/organizations/\(workshop.id)/audit-trail", as: house.administrator)
        let records = trail.json["data"]?.arrayValue?.filter { $0["record"]?["action"] == "event.import" } ?? []
        #expect(records.count == 1)
        #expect(records.first?["record"]?["detail"]?["created"] == 2)
    }
}
