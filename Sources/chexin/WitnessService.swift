import Core
import Cryptography
import HTTPTypes
import Ledger
import NIOCore
import Web

/// The protocol of a witness over HTTP (C2SP tlog-witness).
struct WitnessService: Sendable {
    /// More than 63 hashes and a note with many signatures.
    static let requestBytes = 64 << 10

    let book: WitnessBook
    let clock: any WallClock

    var endpoints: [Endpoint] {
        [
            Endpoint(
                .post,
                "/add-checkpoint",
                body: .stream(
                    mediaTypes: ["text/plain", "application/octet-stream"],
                    maximumBytes: WitnessService.requestBytes,
                    charsets: .unsaid
                ),
                produces: ["text/plain", WitnessService.sizeType],
                authorize: AccessDecision.everyone,
                handler: addCheckpoint
            ),
            Endpoint(
                .get,
                "/{hash}/checkpoint",
                produces: ["text/plain"],
                authorize: AccessDecision.everyone,
                handler: checkpoint
            ),
            Endpoint(.get, "/healthz", rateLimit: .operations, authorize: AccessDecision.everyone) { _ in
                Reply.json(["status": "ok"])
            },
        ]
    }

    private static let sizeType = "text/x.tlog.size"
    private static let textType = "text/plain; charset=utf-8"

    private func addCheckpoint(_ call: Call) async throws -> Reply {
        var body: [UInt8] = []
        if let stream = call.stream {
            for try await chunk in stream { body.append(contentsOf: chunk.readableBytesView) }
        }
        let answer = try await book.answer(body, at: clock.now())
        let status = HTTPResponse.Status(code: answer.decision.status)
        switch answer.decision {
        case .cosign: return text("\(answer.line ?? "")\n", status, WitnessService.textType)
        case .conflict(let size): return text("\(size)\n", status, WitnessService.sizeType)
        case .malformed: return text("malformed request\n", status, WitnessService.textType)
        case .untrusted: return text("no signature by a key of this log\n", status, WitnessService.textType)
        case .unknownOrigin: return text("this log is not known here\n", status, WitnessService.textType)
        case .inconsistent: return text("not an extension of what was signed last\n", status, WitnessService.textType)
        }
    }

    private func text(_ text: String, _ status: HTTPResponse.Status, _ type: String) -> Reply {
        Reply(status, headers: [.contentType: type], body: .bytes(Array(text.utf8)))
    }

    private func checkpoint(_ call: Call) async throws -> Reply {
        guard let hash = Digest(hex: try call.parameter("hash")), let note = try await book.checkpoint(ofHash: hash)
        else {
            throw Failure(.notFound)
        }
        return Reply(.ok, headers: [.contentType: WitnessService.textType], body: .bytes(note))
            .with(.cacheControl, "public, max-age=1")
    }
}

/// Nobody has a key to a witness: what it does is open to everybody.
struct NoCredentials: Authenticator, RefusalRecorder {
    func authenticate(bearer: String) async throws -> Principal { throw Failure(.unauthenticated) }

    func record(_ refusal: Refusal) async {}
}
