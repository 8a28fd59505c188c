package import Core
import Ledger
import Outbound

package enum DeliveryTag: IDTag {
    package static let prefix = "dlv"
}

package typealias DeliveryID = ID<DeliveryTag>

/// Something that a watch is told.
package struct Delivery: Sendable, Hashable {
    package enum State: String, Sendable, Hashable, CaseIterable {
        /// It is sent in its turn, again and again until it is accepted.
        case pending
        case delivered
        /// A test that was not accepted: it is sent once.
        case failed
        /// The watch had no address: it is there for streams.
        case kept
    }

    /// The same for every attempt: what a receiver tells a repetition by.
    package let id: DeliveryID
    package let watch: WatchID
    package let sequence: Int64
    package let type: String
    package let vin: String?
    package let body: String
    package let state: State
    /// Of this run.
    package let attempts: Int64
    package let log: [Attempt]
    package let createdAt: Instant

    /// What became of one attempt.
    package struct Attempt: Sendable, Hashable {
        let at: Instant
        let status: Int64?
        let latencyMilliseconds: Int64
        let fault: String?
        let response: String

        init(_ answer: OutboundAnswer, at: Instant) {
            self.at = at.truncatedToMilliseconds
            status = answer.status.map(Int64.init)
            latencyMilliseconds = answer.latencyMilliseconds
            fault = answer.fault?.rawValue
            response = Attempt.text(answer.body)
        }

        init(stored json: JSON) throws {
            guard let at = json["at"]?.stringValue.flatMap(Instant.init(rfc3339:)),
                let latency = json["latency_ms"]?.integerValue, let response = json["response"]?.stringValue
            else { throw StoredAttemptError() }
            self.at = at
            status = json["status"]?.integerValue
            latencyMilliseconds = latency
            fault = json["fault"]?.stringValue
            self.response = response
        }

        var json: JSON {
            [
                "at": JSON(at),
                "status": .optional(status) { .integer($0) },
                "latency_ms": .integer(latencyMilliseconds),
                "fault": .optional(fault, JSON.string),
                "response": JSON(response),
            ]
        }

        /// Whatever a stranger sent, as a text that can be stored and shown.
        private static func text(_ bytes: [UInt8]) -> String {
            let text = String(decoding: bytes, as: UTF8.self)
            return String(String.UnicodeScalarView(text.unicodeScalars.map { $0 == "\0" ? "\u{FFFD}" : $0 }))
        }
    }
}

struct StoredAttemptError: Error {}

extension Delivery {
    package var json: JSON { .object(members) }

    /// With what was sent.
    package var wholeJSON: JSON {
        .object(members + [JSON.Member("payload", content)])
    }

    /// What was sent, as JSON.
    var content: JSON { (try? JSONParser.parse(Array(body.utf8))) ?? .null }

    private var members: [JSON.Member] {
        [
            JSON.Member("id", JSON(id)),
            JSON.Member("sequence", .integer(sequence)),
            JSON.Member("type", JSON(type)),
            JSON.Member("vin", .optional(vin, JSON.string)),
            JSON.Member("state", JSON(state.rawValue)),
            JSON.Member("attempts", .array(log.map(\.json))),
            JSON.Member("created_at", JSON(createdAt)),
        ]
    }
}

/// The types of this slice's own deliveries. Those of notices are their slices'.
package enum DeliveryType {
    package static let appended = "vehicle.appended"
    package static let test = "webhook.test"
}
