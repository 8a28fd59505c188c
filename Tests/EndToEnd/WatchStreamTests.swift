import Core
import Identity
import Jobs
import Outbound
import Storage
import Support
import Testing
import Watches
import Web

@testable import chexin

@Suite struct WatchStreamTests {
    private static func streams(lifetime: Duration) -> EventStreams {
        var limits = EventStreams.Limits()
        limits.lifetime = lifetime
        limits.pollInterval = .milliseconds(5)
        limits.heartbeat = .milliseconds(20)
        return EventStreams(limits: limits)
    }

    private func follow(_ house: House, _ watch: String, after id: String? = nil, as key: String) async throws
        -> [(id: String, name: String, data: JSON)]
    {
        let headers = id.map { [("Last-Event-ID", $0)] } ?? []
        let answer = try await house.get("/v1/watches/\(watch)/events", as: key, headers: headers)
        #expect(answer.http.header("Content-Type") == "text/event-stream")
        return try answer.http.text.split(separator: "\n\n").compactMap { block in
            let lines = block.split(separator: "\n")
            guard lines.count == 3 else { return nil }
            let data = try JSONParser.parse(Array(lines[2].dropFirst(6).utf8))
            return (String(lines[0].dropFirst(4)), String(lines[1].dropFirst(7)), data)
        }
    }

    @Test func `a stream that is cut goes on without a gap`() async throws {
        let house = try await House.open(streams: Self.streams(lifetime: .zero))
        let (dealer, workshop) = (try await house.watcher(), try await house.workshop())
        let watch = try await house.watchCar(nil, as: dealer.key)
        let hello = try #require(try await follow(house, watch.id, as: dealer.key).first)
        #expect(hello.name == "watching" && hello.id == "0")
        var (last, seen): (String, [String]) = (hello.id, [])
        var envelopes: [String] = []
        for number in 1...20 {
            _ = try await house.reading(1000 * number, ref: "r\(number)", as: workshop.key)
            try await house.collect()
            // Now and then nobody listens.
            guard number % 3 != 0 else { continue }
            for event in try await follow(house, watch.id, after: last, as: dealer.key) {
                #expect(event.name == "vehicle.appended")
                seen.append(event.id)
                last = event.id
                envelopes += event.data["data"]?["envelopes"]?.arrayValue?.compactMap(\.stringValue) ?? []
            }
        }
        #expect(seen == (1...20).map { "\($0)" })
        let stored = try await house.lines().map { String(decoding: $0, as: UTF8.self) }
        #expect(envelopes == stored)
        // Whoever says nothing of the sort begins from now on.
        #expect(try await follow(house, watch.id, after: "x", as: dealer.key).map(\.id) == ["20"])
        #expect(try await follow(house, watch.id, after: "999", as: dealer.key).isEmpty)
    }

    @Test func `a stream ends with its key, and with its watch`() async throws {
        let house = try await House.open(streams: Self.streams(lifetime: .seconds(3600)))
        let dealer = try await house.watcher()
        let watch = try await house.watchCar(nil, as: dealer.key)
        let other = try await house.watchCar(nil, as: dealer.key)
        async let ended = house.get("/v1/watches/\(watch.id)/events", as: dealer.key)
        async let deleted = house.get("/v1/watches/\(other.id)/events", as: dealer.key)
        let tag = try await house.get("/v1/watches/\(other.id)", as: dealer.key).http.header("ETag") ?? ""
        let headers = [("Authorization", "Bearer \(dealer.key)"), ("If-Match", tag)]
        _ = try await house.client.send("DELETE", "/v1/watches/\(other.id)", headers: headers)
        #expect([200, 404].contains(try await deleted.status))
        let keys = try await house.get("/v1/organizations/\(dealer.id)/api-keys?limit=100", as: house.administrator)
        for key in keys.json["data"]?.arrayValue ?? [] {
            let path = "/v1/organizations/\(dealer.id)/api-keys/\(key["id"]?.stringValue ?? "")"
            let tag = try await house.get(path, as: house.administrator).http.header("ETag") ?? ""
            let headers = [("Authorization", "Bearer \(house.administrator)"), ("If-Match", tag)]
            #expect(try await house.client.send("DELETE", path, headers: headers).status == 204)
        }
        #expect([200, 401].contains(try await ended.status))
    }

    @Test func `notices reach those who want their type, in the order in which they were told`() async throws {
        let house = try await House.open()
        let receiver = try await Receiver.start { _, _ in .answer(200) }
        let dealer = try await house.watcher()
        let request: JSON = ["kind": "notices", "types": ["webhook.disabled"], "url": JSON(receiver.url)]
        let watch = try await house.watch(request, as: dealer.key)
        let organization = try #require(OrganizationID(dealer.id))
        let other = NoticeType("other.thing", zh: "别的", en: "Something else")
        let told = try await house.store.database.write { tx in
            try (1...5).map { number in
                try Notices.enqueue(tx, organization: organization, type: other, data: ["number": JSON(number)])
                    + Notices.enqueue(tx, organization: organization, type: .webhookDisabled, data: ["n": JSON(number)])
            }
        }
        #expect(told == [1, 1, 1, 1, 1])
        await #expect(throws: Failure.self) {
            try await house.store.database.write { tx in
                try Notices.enqueue(tx, organization: organization, type: .webhookDisabled, data: ["n": 6])
                throw Failure(.invalidRequest)
            }
        }
        try await house.send()
        let events = try receiver.requests.map(ReceivedEvent.init)
        #expect(events.map { $0.data["n"] } == [1, 2, 3, 4, 5])
        #expect(events.allSatisfy { $0.isSigned(by: watch.secret) && $0.json["type"] == "webhook.disabled" })
    }

    @Test func `an organisation has so many watches and no more, and each its own`() async throws {
        let house = try await House.open()
        let dealer = try await house.watcher()
        for _ in 0..<WatchLimits.perVehicle { _ = try await house.watchCar(nil, as: dealer.key) }
        let more: JSON = ["kind": "vehicle", "vin": JSON(House.vin)]
        #expect(try await house.post("/v1/watches", more, as: dealer.key).code == "too_many_watches")
        let rival = try await house.watcher("workshop", "91350100M000100Y43")
        let stock = try await house.post("/v1/watches", ["kind": "stock"], as: rival.key)
        #expect(stock.status == 403)
        #expect(try await house.get("/v1/watches", as: rival.key).json["data"] == [])
    }
}
