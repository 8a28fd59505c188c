import Core
import Cryptography
import Outbound
import Support
import Testing

@testable import Watches

@Suite struct WebhookTests {
    /// The one example that Standard Webhooks' libraries are tested with.
    @Test func `the published signature is made`() throws {
        let secret = try #require(WebhookSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"))
        let signature = secret.signature(
            id: "msg_p5jXN8AQM9LWM0D4loKWxJek",
            seconds: 1_614_265_330,
            body: Array(#"{"test": 2432232314}"#.utf8)
        )
        #expect(signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
    }

    @Test func `whatever is signed, another id, time or body has another signature`() throws {
        let secret = WebhookSecret.random()
        let signatures = [("a", 1, "x"), ("b", 1, "x"), ("a", 2, "x"), ("a", 1, "y"), ("a", 1, ""), ("a.1", 1, "x")]
            .map { secret.signature(id: $0.0, seconds: $0.1, body: Array($0.2.utf8)) }
        #expect(Set(signatures).count == signatures.count)
        #expect(signatures[0] == secret.signature(id: "a", seconds: 1, body: [UInt8(ascii: "x")]))
        #expect(signatures[0] != WebhookSecret.random().signature(id: "a", seconds: 1, body: [UInt8(ascii: "x")]))
    }

    @Test func `a secret has 32 bytes behind its prefix, and no two are alike`() throws {
        let texts = (0..<20).map { _ in WebhookSecret.random().text }
        #expect(Set(texts).count == 20)
        for text in texts {
            #expect(text.hasPrefix("whsec_"))
            #expect(Base64.decode(text.dropFirst(6))?.count == 32)
        }
        for text in ["", "whsec_*", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS"] {
            #expect(WebhookSecret(text) == nil, "\(text)")
        }
    }

    @Test func `a sealed secret opens for its own watch alone`() throws {
        let wrapping = SecretBytes.random(count: AEAD.keyByteCount)
        let (own, other) = (WatchID(at: ManualClock.start), WatchID(at: ManualClock.start))
        let secret = WebhookSecret.random()
        let sealed = try secret.sealed(by: wrapping, for: own)
        #expect(try WebhookSecret(opening: sealed, by: wrapping, for: own).text == secret.text)
        #expect(throws: CryptographyError.notAuthentic) {
            try WebhookSecret(opening: sealed, by: wrapping, for: other)
        }
        #expect(throws: CryptographyError.notAuthentic) {
            try WebhookSecret(opening: sealed, by: .random(count: AEAD.keyByteCount), for: own)
        }
    }

    @Test func `retries go on for three days, and end when an address is given up`() {
        let pauses = (1...12).map { RetrySchedule.pauseMilliseconds(after: $0) { $0.lowerBound } / 1000 }
        #expect(pauses == [5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400, 86_400, 86_400, 86_400])
        let sum = RetrySchedule.pausesSeconds.reduce(0, +)
        #expect(sum >= 3 * 86_400)
        #expect(sum >= WatchLimits.failingSeconds)
        #expect(RetrySchedule.pausesSeconds.dropLast().reduce(0, +) < WatchLimits.failingSeconds)
        for attempt in Int64(1)...9 {
            let (least, most) = (
                RetrySchedule.pauseMilliseconds(after: attempt) { $0.lowerBound },
                RetrySchedule.pauseMilliseconds(after: attempt) { $0.upperBound }
            )
            #expect(most == least + least / 10)
        }
    }

    @Test func `what a receiver said is kept as a text, whatever it was`() throws {
        let bytes: [UInt8] = Array("好".utf8) + [0, 0xFF, 0xC3] + Array("\"\n".utf8)
        let answer = OutboundAnswer(status: 500, body: bytes, latencyMilliseconds: 7)
        let attempt = Delivery.Attempt(answer, at: ManualClock.start)
        #expect(attempt.json["response"] == "好\u{FFFD}\u{FFFD}\u{FFFD}\"\n")
        #expect(try Delivery.Attempt(stored: JSONParser.parse(attempt.json.bytes)) == attempt)
    }

    // MARK: Requests

    /// `-` where it is taken.
    private static let drafts = TextTable(
        """
        request                                                                      | faults
        {"kind":"vehicle","vin":"LFV2A21K8G4012345"}                                 | -
        {"kind":"vehicle","vin":"LFV2A21K8G4012345","url":"https://a.example/x"}     | -
        {"kind":"stock","name":"库存","url":null}                                     | -
        {"kind":"notices","types":["webhook.disabled","webhook.disabled"]}           | -
        {}                                                                           | /kind required
        {"kind":"car"}                                                               | /kind not_allowed
        {"kind":"vehicle"}                                                           | /vin required
        {"kind":"stock","vin":"LFV2A21K8G4012345"}                                   | /vin not_allowed
        {"kind":"vehicle","vin":"LFV2A21K8G4012345","types":["webhook.disabled"]}    | /types not_allowed
        {"kind":"notices"}                                                           | /types required
        {"kind":"notices","types":[]}                                                | /types length
        {"kind":"notices","types":["unheard.of",7]}              | /types/0 not_allowed /types/1 not_allowed
        {"kind":"stock","url":"http://a.example/"}                                   | /url url_scheme
        {"kind":"stock","url":"https://10.0.0.1/"}                                   | /url url_address
        {"kind":"stock","url":7}                                                     | /url wrong_type
        {"kind":"stock","name":" "}                                                  | /name blank_or_broken
        {"kind":"stock","secret":"x"}                                                | /secret unknown_member
        """
    )

    @Test func `what is asked for is checked as a whole`() throws {
        for row in Self.drafts.rows {
            let json = try JSONParser.parse(Array(row["request"].utf8))
            let faults = Self.faults {
                _ = try Watch.Draft(reading: json, policy: OutboundPolicy(), types: ["webhook.disabled"])
            }
            #expect(faults == row["faults"], "\(row)")
        }
    }

    private static let patches = TextTable(
        """
        request                                | faults
        {}                                     | -
        {"state":"paused"}                     | -
        {"state":"active","url":null}          | -
        {"name":null,"url":"https://a.example"} | -
        {"state":"disabled"}                   | /state not_allowed
        {"state":null}                         | /state wrong_type
        {"url":"https://a.example:22/"}        | /url url_port
        {"vin":"LFV2A21K8G4012345"}            | /vin read_only_field
        {"kind":"stock","state_reason":"gone"} | /kind read_only_field /state_reason read_only_field
        {"secret":"x"}                         | /secret unknown_member
        """
    )

    @Test func `what is to be changed is checked as a whole`() throws {
        for row in Self.patches.rows {
            let json = try JSONParser.parse(Array(row["request"].utf8))
            let faults = Self.faults { _ = try Watch.Patch(reading: json, policy: OutboundPolicy()) }
            #expect(faults == row["faults"], "\(row)")
        }
    }

    private static func faults(_ body: () throws -> Void) -> String {
        do {
            try body()
            return "-"
        } catch let failure as Failure {
            return failure.faults.map { "\($0.pointer) \($0.code)" }.joined(separator: " ")
        } catch {
            return "\(error)"
        }
    }
}
