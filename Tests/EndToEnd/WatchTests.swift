import Core
import Jobs
import Outbound
import Storage
import Support
import Testing
import Watches

@testable import chexin

@Suite struct WatchTests {
    @Test(arguments: Engine.allCases)
    func `who watches a car is told its chain, signed and to the byte`(engine: Engine) async throws {
        let house = try await House.open(engine)
        let receiver = try await Receiver.start { _, _ in .answer(204) }
        let (dealer, workshop) = (try await house.watcher(), try await house.workshop())
        let first = try await house.reading(1000, ref: "r1", as: workshop.key)
        let watch = try await house.watchCar(receiver.url, as: dealer.key)
        try await house.send()
        #expect(receiver.requests.isEmpty, "what was there before is known")
        _ = try await house.reading(2000, ref: "r2", as: workshop.key)
        _ = try await house.reading(3000, ref: "r3", as: workshop.key)
        _ = try await house.reading(9, ref: "x1", vin: House.otherVIN, as: workshop.key)
        try await house.send()
        #expect(receiver.requests.count == 1)
        let event = try ReceivedEvent(try #require(receiver.requests.first))
        #expect(event.isSigned(by: watch.secret) && event.signatures.count == 1)
        #expect(event.json["type"] == "vehicle.appended")
        #expect(event.data["watch"]?.stringValue == watch.id)
        #expect(event.data["after"]?["hash"] == first.json["hash"])
        #expect(event.data["after"]?["seq"] == 0 && event.data["head"]?["seq"] == 2)
        let lines = try await house.lines().map { String(decoding: $0, as: UTF8.self) }
        #expect(event.envelopes == Array(lines.dropFirst()))
        let told = try await house.deliveries(watch.id, as: dealer.key)
        #expect(told.map { $0["state"] } == ["delivered"])
        #expect(told.first?["id"]?.stringValue == event.id)
        #expect(told.first?["attempts"]?.arrayValue?.first?["status"] == 204)
    }

    @Test func `a receiver that fails twice is asked a third time, with the same id and a new signature`() async throws
    {
        let house = try await House.open()
        let receiver = try await Receiver.start { number, _ in number < 3 ? .answer(500, body: "later") : .answer(200) }
        let (dealer, workshop) = (try await house.watcher(), try await house.workshop())
        let watch = try await house.watchCar(receiver.url, as: dealer.key)
        _ = try await house.reading(1000, ref: "r1", as: workshop.key)
        try await house.send()
        #expect(receiver.requests.count == 1)
        #expect(try await house.state(watch.id, as: dealer.key)["failing_since"] != .null)
        for pause in RetrySchedule.pausesSeconds.prefix(2) {
            let known = receiver.requests.count
            house.clock.advance(seconds: pause - 1)
            try await house.send()
            #expect(receiver.requests.count == known, "not before its time")
            house.clock.advance(seconds: pause / 10 + 2)
            try await house.send()
            #expect(receiver.requests.count == known + 1)
        }
        let events = try receiver.requests.map(ReceivedEvent.init)
        #expect(Set(events.map(\.id)).count == 1)
        #expect(Set(events.map(\.seconds)).count == 3)
        #expect(events.allSatisfy { $0.isSigned(by: watch.secret) })
        let told = try #require(try await house.deliveries(watch.id, as: dealer.key).first)
        let attempts = told["attempts"]?.arrayValue ?? []
        #expect(attempts.map { $0["status"] } == [500, 500, 200])
        #expect(attempts.first?["response"] == "later")
        #expect(try await house.state(watch.id, as: dealer.key)["failing_since"] == .null)
    }

    @Test func `nothing is sent before what is ahead of it, and nothing is left out`() async throws {
        let house = try await House.open()
        let receiver = try await Receiver.start { number, _ in number % 3 == 0 ? .answer(200) : .answer(503) }
        let (dealer, workshop) = (try await house.watcher(), try await house.workshop())
        let watch = try await house.watchCar(receiver.url, as: dealer.key)
        var number = 0
        for _ in 0..<4 {
            for _ in 0..<2 {
                number += 1
                _ = try await house.reading(1000 * number, ref: "r\(number)", as: workshop.key)
            }
            try await house.send()
        }
        for _ in 0..<12 {
            house.clock.advance(seconds: 3600)
            try await house.send()
        }
        let events = try receiver.requests.map(ReceivedEvent.init)
        let sequences = events.compactMap { $0.data["sequence"]?.integerValue }
        #expect(sequences == sequences.sorted())
        var follower = ChainFollower()
        for (index, event) in events.enumerated() where (index + 1) % 3 == 0 { try follower.take(event) }
        #expect(follower.counts[House.vin] == 8)
        #expect(try await house.deliveries(watch.id, as: dealer.key).allSatisfy { $0["state"] == "delivered" })
    }

    @Test func `410 disables at once, which the trail and the other watches are told`() async throws {
        let house = try await House.open()
        let receiver = try await Receiver.start { _, _ in .answer(410) }
        let (dealer, workshop) = (try await house.watcher(), try await house.workshop())
        let watch = try await house.watchCar(receiver.url, as: dealer.key)
        let notices = try await house.watch(["kind": "notices", "types": ["webhook.disabled"]], as: dealer.key)
        _ = try await house.reading(1000, ref: "r1", as: workshop.key)
        try await house.send()
        let state = try await house.state(watch.id, as: dealer.key)
        #expect(state["state"] == "disabled" && state["state_reason"] == "gone")
        house.clock.advance(seconds: 7 * 86_400)
        _ = try await house.reading(2000, ref: "r2", as: workshop.key)
        try await house.send()
        #expect(receiver.requests.count == 1)
        let told = try #require(try await house.deliveries(notices.id, as: dealer.key).first)
        #expect(told["type"] == "webhook.disabled" && told["state"] == "kept")
        let trail = try await house.get("/v1/organizations/\(dealer.id)/audit-trail", as: dealer.key).json
        let actions = trail["data"]?.arrayValue?.compactMap { $0["record"]?["action"]?.stringValue } ?? []
        #expect(actions.first == "watch.disable", "\(actions)")
    }

    @Test func `what accepts nothing for 75 hours is disabled, and goes on where it was when it is set going`()
        async throws
    {
        let house = try await House.open()
        let receiver = try await Receiver.start { number, _ in number < 11 ? .answer(500) : .answer(200) }
        let (dealer, workshop) = (try await house.watcher(), try await house.workshop())
        let watch = try await house.watchCar(receiver.url, as: dealer.key)
        _ = try await house.reading(1000, ref: "r1", as: workshop.key)
        for _ in 0..<200 {
            try await house.send()
            house.clock.advance(seconds: 1800)
        }
        let state = try await house.state(watch.id, as: dealer.key)
        #expect(state["state"] == "disabled" && state["state_reason"] == "failing")
        #expect(receiver.requests.count == RetrySchedule.pausesSeconds.count + 1)
        _ = try await house.reading(2000, ref: "r2", as: workshop.key)
        let key = try await house.watcher("workshop", "91440300708461136T").key
        #expect(try await house.patch(watch.id, ["state": "active"], as: key).status == 404)
        #expect(try await house.patch(watch.id, ["state": "active"], as: dealer.key).json["state"] == "active")
        try await house.send()
        let events = try receiver.requests.suffix(2).map(ReceivedEvent.init)
        #expect(events.compactMap { $0.data["sequence"]?.integerValue } == [1, 2])
        #expect(try ReceivedEvent(receiver.requests[0]).id == events[0].id)
    }

    @Test func `who is paused is told everything afterwards`() async throws {
        let house = try await House.open()
        let receiver = try await Receiver.start { _, _ in .answer(200) }
        let (dealer, workshop) = (try await house.watcher(), try await house.workshop())
        let watch = try await house.watchCar(receiver.url, as: dealer.key)
        _ = try await house.patch(watch.id, ["state": "paused"], as: dealer.key)
        for number in 1...3 {
            _ = try await house.reading(1000 * number, ref: "r\(number)", as: workshop.key)
            try await house.send()
        }
        #expect(receiver.requests.isEmpty)
        _ = try await house.patch(watch.id, ["state": "active"], as: dealer.key)
        try await house.send()
        var follower = ChainFollower()
        for request in receiver.requests { try follower.take(try ReceivedEvent(request)) }
        #expect(receiver.requests.count == 3 && follower.counts[House.vin] == 3)
    }

    @Test func `a long chain comes in parts that fit together`() async throws {
        let house = try await House.open()
        let receiver = try await Receiver.start { _, _ in .answer(200) }
        let (dealer, workshop) = (try await house.watcher(), try await house.workshop())
        _ = try await house.watchCar(receiver.url, as: dealer.key)
        let count = WatchLimits.entriesPerDelivery + 7
        for number in 1...count { _ = try await house.reading(1000 + number, ref: "r\(number)", as: workshop.key) }
        try await house.send()
        let events = try receiver.requests.map(ReceivedEvent.init)
        #expect(events.map { $0.data["has_more"] } == [true, false])
        #expect(events.map(\.envelopes.count) == [WatchLimits.entriesPerDelivery, 7])
        var follower = ChainFollower()
        for event in events { try follower.take(event) }
    }

    @Test(arguments: Engine.allCases)
    func `a dealer is told of every car on offer, and of no other`(engine: Engine) async throws {
        let house = try await House.open(engine)
        let receiver = try await Receiver.start { _, _ in .answer(200) }
        let (dealer, workshop) = (try await house.watcher(), try await house.workshop())
        _ = try await house.watch(["kind": "stock", "url": JSON(receiver.url)], as: dealer.key)
        _ = try await house.reading(1000, ref: "r1", as: workshop.key)
        _ = try await house.store.database.write { tx in
            try tx.execute(
                """
                INSERT INTO listing_live (vin, listing, dealer)
                VALUES (\(House.vin), \("lst_1"), \(dealer.id))
                """
            )
        }
        try await house.send()
        #expect(receiver.requests.isEmpty)
        _ = try await house.reading(2000, ref: "r2", as: workshop.key)
        _ = try await house.reading(9, ref: "x1", vin: House.otherVIN, as: workshop.key)
        try await house.send()
        var follower = ChainFollower()
        for request in receiver.requests { try follower.take(try ReceivedEvent(request)) }
        // The whole chain, because none of it was told before.
        #expect(follower.counts == [House.vin: 2])
    }

    @Test func `a day long two secrets sign, and then the new one alone`() async throws {
        let house = try await House.open()
        let receiver = try await Receiver.start { _, _ in .answer(200) }
        let (dealer, workshop) = (try await house.watcher(), try await house.workshop())
        let watch = try await house.watchCar(receiver.url, as: dealer.key)
        let rotated = try await house.post("/v1/watches/\(watch.id)/rotate-secret", [:], as: dealer.key)
        let secret = try #require(rotated.json["secret"]?.stringValue)
        #expect(rotated.json["former_secret_until"] != .null)
        _ = try await house.reading(1000, ref: "r1", as: workshop.key)
        try await house.send()
        house.clock.advance(seconds: WatchLimits.formerSecretSeconds)
        _ = try await house.reading(2000, ref: "r2", as: workshop.key)
        try await house.send()
        let events = try receiver.requests.map(ReceivedEvent.init)
        #expect(events.map(\.signatures.count) == [2, 1])
        #expect(events.allSatisfy { $0.isSigned(by: secret) })
        #expect(events.map { $0.isSigned(by: watch.secret) } == [true, false])
        #expect(try await house.state(watch.id, as: dealer.key)["former_secret_until"] == .null)
    }

    @Test func `a test is sent at once, whatever waits, and is not sent again`() async throws {
        let house = try await House.open()
        let receiver = try await Receiver.start { _, _ in .answer(500, body: String(repeating: "车", count: 5000)) }
        let dealer = try await house.watcher()
        let watch = try await house.watchCar(receiver.url, as: dealer.key)
        _ = try await house.patch(watch.id, ["state": "paused"], as: dealer.key)
        let sent = try await house.ask("/v1/watches/\(watch.id)/test", as: dealer.key)
        #expect(sent.json["state"] == "failed" && sent.json["type"] == "webhook.test")
        let response = sent.json["attempts"]?.arrayValue?.first?["response"]?.stringValue ?? ""
        #expect(response.utf8.count <= OutboundLimits.keptBytes + 2 && response.hasPrefix("车"))
        house.clock.advance(seconds: 86_400)
        try await house.send()
        #expect(receiver.requests.count == 1)
        #expect(try ReceivedEvent(receiver.requests[0]).isSigned(by: watch.secret))
        let id = sent.json["id"]?.stringValue ?? ""
        let path = "/v1/watches/\(watch.id)/deliveries/\(id)/replay"
        let again = try await house.ask(path, as: dealer.key)
        #expect(again.json["attempts"]?.arrayValue?.count == 2)
        #expect(try receiver.requests.map { try ReceivedEvent($0).id } == [id, id])
        #expect(receiver.requests[0].body == receiver.requests[1].body)
    }
}
