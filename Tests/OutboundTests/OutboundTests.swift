import Core
import Support
import Testing

@testable import Outbound

@Suite struct OutboundTests {
    private static let open = OutboundPolicy(allowsPrivateNetworks: true)

    /// Nothing here takes long, apart from what never ends.
    private static func limits(totalMilliseconds: Int = 20_000) -> OutboundLimits {
        var limits = OutboundLimits()
        limits.totalMilliseconds = totalMilliseconds
        limits.bodyBytes = 8 << 10
        limits.headerBytes = 16 << 10
        return limits
    }

    private func post(
        _ url: String,
        _ outbound: Outbound = Outbound(policy: Self.open, limits: Self.limits()),
        _ policy: OutboundPolicy = Self.open
    ) async throws -> OutboundAnswer {
        let headers = [("Content-Type", "application/json"), ("webhook-id", "dlv_1")]
        return try await outbound.post(
            OutboundRequest(
                url: try OutboundURL(parsing: url, policy),
                headers: headers,
                body: Array(#"{"a":"车"}"#.utf8)
            )
        )
    }

    @Test func `a receiver gets the very bytes, and what it says comes back`() async throws {
        let receiver = try await Receiver.start { _, _ in .answer(202, body: "thanks") }
        let answer = try await post(receiver.url)
        #expect(answer.status == 202 && answer.isAccepted && answer.fault == nil)
        #expect(answer.body == Array("thanks".utf8))
        let request = try #require(receiver.requests.first)
        #expect(receiver.requests.count == 1)
        #expect(request.path == "/hooks")
        #expect(String(decoding: request.body, as: UTF8.self) == #"{"a":"车"}"#)
        #expect(request.header("webhook-id") == "dlv_1")
        #expect(request.header("content-type") == "application/json")
        #expect(request.header("expect") == nil && request.header("accept") == nil)
    }

    @Test(arguments: [300, 400, 404, 410, 429, 500, 503])
    func `an answer other than 2xx is not accepted`(status: Int) async throws {
        let receiver = try await Receiver.start { _, _ in .answer(status) }
        let answer = try await post(receiver.url)
        #expect(answer.status == status && !answer.isAccepted && answer.fault == nil)
    }

    @Test func `a redirect is not followed`() async throws {
        let inner = try await Receiver.start { _, _ in .answer(200) }
        let url = inner.url
        let receiver = try await Receiver.start { _, _ in .answer(307, headers: [("Location", url)]) }
        #expect(try await post(receiver.url).status == 307)
        #expect(inner.requests.isEmpty)
    }

    @Test func `who never answers, and who drips, is given up in time`() async throws {
        for behaviour in [Receiver.Behaviour.silence, .drip] {
            let receiver = try await Receiver.start { _, _ in behaviour }
            let outbound = Outbound(policy: Self.open, limits: Self.limits(totalMilliseconds: 400))
            let answer = try await post(receiver.url, outbound)
            #expect(answer.fault == .timeout && !answer.isAccepted)
            // Two clocks, and each cuts off what is less than a millisecond.
            #expect(answer.latencyMilliseconds >= 390)
        }
    }

    @Test func `what is no answer is garbage`() async throws {
        let receiver = try await Receiver.start { _, _ in .garbage }
        let answer = try await post(receiver.url)
        #expect(answer.status == nil && answer.fault == .garbage)
    }

    @Test func `of a huge body only the beginning is read, and its status counts`() async throws {
        let receiver = try await Receiver.start { _, _ in .huge(byteCount: 10 << 20) }
        let answer = try await post(receiver.url)
        #expect(answer.isAccepted)
        #expect(answer.body.count == OutboundLimits.keptBytes)
    }

    @Test func `headers without end are not read`() async throws {
        let receiver = try await Receiver.start { _, _ in .endlessHeaders }
        let answer = try await post(receiver.url)
        #expect(answer.fault == .garbage && !answer.isAccepted)
    }

    @Test func `nobody at the port, and a name without address, are told apart`() async throws {
        let receiver = try await Receiver.start { _, _ in .answer(200) }
        let url = "http://receiver.test:\(receiver.port)/"
        let nowhere = Outbound(policy: Self.open, limits: Self.limits()) { _ in [] }
        #expect(try await post(url, nowhere).fault == .unresolved)
        // Nothing listens at the port of discard.
        #expect(try await post("http://127.0.0.1:9/").fault == .unreachable)
    }

    // MARK: Where it must not go

    @Test func `a name is only sent to where all of its addresses may be`() async throws {
        let receiver = try await Receiver.start { _, _ in .answer(200) }
        let url = "http://receiver.test:\(receiver.port)/"
        let usual = OutboundPolicy()
        let traps: [[String]] = [["127.0.0.1"], ["8.8.8.8", "127.0.0.1"], ["10.0.0.1"], ["169.254.169.254"], ["::1"]]
        for trap in traps {
            let outbound = Outbound(policy: usual, limits: Self.limits()) { _ in trap.compactMap { IPAddress($0) } }
            // The URL was taken under another policy.
            #expect(try await post(url, outbound).fault == .refusedAddress, "\(trap)")
        }
        let metadata = Outbound(policy: Self.open, limits: Self.limits()) { _ in [IPAddress("169.254.169.254")!] }
        #expect(try await post(url, metadata).fault == .refusedAddress)
        #expect(receiver.requests.isEmpty)
    }

    @Test func `a name is asked for once, and what it was then is connected to`() async throws {
        let receiver = try await Receiver.start { _, _ in .answer(200) }
        let outbound = Outbound(policy: Self.open, limits: Self.limits()) { _ in [IPAddress("127.0.0.1")!] }
        // Nobody else knows this name.
        #expect(try await post("http://receiver.test:\(receiver.port)/", outbound).isAccepted)
        #expect(receiver.requests.first?.header("host") == "receiver.test:\(receiver.port)")
    }

    @Test func `a name that stands for another address when it is connected to is not connected to`() throws {
        // As if it had been looked at and found good: whatever the library finds for it is looked at once more.
        let url = try OutboundURL(parsing: "https://localhost:8443/", Self.open)
        let request = OutboundRequest(url: url, headers: [], body: [])
        let answer = Transfer(OutboundPolicy(), Self.limits()).perform(request, addresses: [])
        #expect(answer.fault == .refusedAddress && answer.status == nil)
        let pinned = Transfer(OutboundPolicy(), Self.limits()).perform(request, addresses: [IPAddress("127.0.0.1")!])
        #expect(pinned.fault == .refusedAddress)
    }

    @Test func `without TLS nothing is sent unless the operator allows it`() async throws {
        let receiver = try await Receiver.start { _, _ in .answer(200) }
        let usual = Outbound(policy: OutboundPolicy(), limits: Self.limits()) { _ in [IPAddress("8.8.8.8")!] }
        #expect(try await post("http://receiver.test:\(receiver.port)/", usual).fault == .refusedAddress)
    }

    @Test func `who speaks no TLS, or shows nothing to trust, is not spoken to`() async throws {
        let receiver = try await Receiver.start { _, _ in .answer(200) }
        let answer = try await post("https://127.0.0.1:\(receiver.port)/")
        #expect(answer.fault == .tls && answer.status == nil)
        #expect(receiver.requests.isEmpty)
    }
}
