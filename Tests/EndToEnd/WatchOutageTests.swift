import Core
import Cryptography
import Identity
import Jobs
import Logging
import Outbound
import Storage
import Support
import Synchronization
import Testing
import Watches

@testable import chexin

/// What becomes of deliveries when processes die, receivers misbehave and keys are revoked.
@Suite struct WatchOutageTests {
    @Test(arguments: Engine.allCases)
    func `what was appended before the process died is delivered afterwards`(engine: Engine) async throws {
        let house = try await House.open(engine, in: engine == .sqlite ? .disk : .memory)
        let receiver = try await Receiver.start { _, _ in .answer(200) }
        let (dealer, workshop) = (try await house.watcher(), try await house.workshop())
        let watch = try await house.watchCar(receiver.url, as: dealer.key)
        _ = try await house.reading(1000, ref: "r1", as: workshop.key)
        try await house.collect()
        // Taken, and never finished: whoever held it is dead.
        #expect(try await house.worker.claim(limit: 1).count == 1)
        let made = try await house.deliveries(watch.id, as: dealer.key)
        try await house.send()
        #expect(receiver.requests.isEmpty, "somebody may still be at it")
        house.clock.advance(seconds: 61)
        try await house.send()
        #expect(try receiver.requests.map { try ReceivedEvent($0).id } == made.compactMap { $0["id"]?.stringValue })
        #expect(receiver.requests.count == 1)
    }

    @Test func `who died between the answer and its record is sent the same again`() async throws {
        let house = try await House.open()
        let store = SwitchedDatabase(house.store.database)
        let receiver = try await Receiver.start { number, _ in
            store.isAway = number == 1
            return .answer(200)
        }
        let (dealer, workshop) = (try await house.watcher(), try await house.workshop())
        let watch = try await house.watchCar(receiver.url, as: dealer.key)
        _ = try await house.reading(1000, ref: "r1", as: workshop.key)
        try await house.collect()
        let material = try KeyMaterial(master: SecretBytes([UInt8](repeating: 7, count: KeyMaterial.masterByteCount)))
        let sender = WebhookSender(
            database: store,
            watches: Watches(wrapping: material.webhookKey),
            outbound: .toReceivers,
            clock: house.clock
        )
        let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        let worker = JobWorker(database: store, handlers: [sender.handler], logger: logger)
        let run = try #require(try await worker.claim(limit: 1).first)
        _ = await worker.perform(run)
        #expect(receiver.requests.count == 1)
        #expect(try await house.deliveries(watch.id, as: dealer.key).map { $0["state"] } == ["pending"])
        house.clock.advance(seconds: 120)
        try await house.send()
        #expect(receiver.requests.count == 2)
        #expect(Set(try receiver.requests.map { try ReceivedEvent($0).id }).count == 1)
        #expect(receiver.requests[0].body == receiver.requests[1].body)
    }

    /// What came of one attempt, by what the receiver does.
    @Test func `a receiver that misbehaves is tried again, and shown for what it is`() async throws {
        let misdeeds: [(Receiver.Behaviour, String, JSON)] = [
            (.silence, "timeout", .null), (.drip, "timeout", 200), (.garbage, "garbage", .null),
            (.answer(302, headers: [("Location", "http://127.0.0.1/")]), "", 302), (.answer(429), "", 429),
        ]
        for (behaviour, fault, status) in misdeeds {
            let house = try await House.open(outbound: fault == "timeout" ? .impatient : .toReceivers)
            let receiver = try await Receiver.start { _, _ in behaviour }
            let (dealer, workshop) = (try await house.watcher(), try await house.workshop())
            let watch = try await house.watchCar(receiver.url, as: dealer.key)
            _ = try await house.reading(1000, ref: "r1", as: workshop.key)
            try await house.send()
            let told = try #require(try await house.deliveries(watch.id, as: dealer.key).first)
            let attempt = try #require(told["attempts"]?.arrayValue?.first)
            #expect(told["state"] == "pending" && attempt["status"] == status, "\(told)")
            #expect(attempt["fault"] == (fault.isEmpty ? .null : JSON(fault)), "\(told)")
            #expect(receiver.requests.count == 1)
        }
    }

    @Test func `a name that stands for another machine by now is not sent to`() async throws {
        let addresses = Addresses([IPAddress("8.8.8.8")!])
        let policy = OutboundPolicy()
        let house = try await House.open(outbound: Outbound(policy: policy, limits: .brief) { _ in addresses.now })
        let (dealer, workshop) = (try await house.watcher(), try await house.workshop())
        let watch = try await house.watchCar("https://hooks.example.com/", as: dealer.key)
        addresses.now = [IPAddress("127.0.0.1")!]
        _ = try await house.reading(1000, ref: "r1", as: workshop.key)
        try await house.send()
        let told = try #require(try await house.deliveries(watch.id, as: dealer.key).first)
        #expect(told["attempts"]?.arrayValue?.first?["fault"] == "refused_address")
        let tested = try await house.ask("/v1/watches/\(watch.id)/test", as: dealer.key)
        #expect(tested.json["attempts"]?.arrayValue?.first?["fault"] == "refused_address")
    }

    @Test func `nothing is sent to an organisation that is suspended`() async throws {
        let house = try await House.open()
        let receiver = try await Receiver.start { _, _ in .answer(200) }
        let (dealer, workshop) = (try await house.watcher(), try await house.workshop())
        _ = try await house.watchCar(receiver.url, as: dealer.key)
        let path = "/v1/organizations/\(dealer.id)"
        func suspend(_ method: String, _ body: JSON?) async throws {
            let tag = try await house.get(path, as: house.administrator).http.header("ETag") ?? ""
            let headers = [("Authorization", "Bearer \(house.administrator)"), ("If-Match", tag)]
            let typed = body == nil ? headers : headers + [("Content-Type", "application/json")]
            let answer = try await house.client.send(method, "\(path)/suspension", headers: typed, body: body?.bytes)
            #expect(answer.status < 300, "\(answer.text)")
        }
        try await suspend("POST", ["reason": "x"])
        _ = try await house.reading(1000, ref: "r1", as: workshop.key)
        try await house.send()
        #expect(receiver.requests.isEmpty)
        try await suspend("DELETE", nil)
        house.clock.advance(seconds: 3600)
        try await house.send()
        #expect(receiver.requests.count == 1)
    }
}

/// What a name stands for, which changes.
private final class Addresses: Sendable {
    private let state: Mutex<[IPAddress]>

    init(_ addresses: [IPAddress]) { state = Mutex(addresses) }

    var now: [IPAddress] {
        get { state.withLock { $0 } }
        set { state.withLock { $0 = newValue } }
    }
}
