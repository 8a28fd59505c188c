import Core
import Cryptography
import Ledger
import Storage
import Synchronization
import Web

/// The last answers given about each car, kept until its chain moves on or the day changes (a gap grows, a car comes
/// near its scrap age). What is found here is always what would be made anew.
///
/// Whether a chain has moved is known without asking the store, where the store can tell; otherwise its head is read.
final class KeptAnswers: Sendable {
    /// An answer just made.
    struct Made {
        /// What it was made of.
        let head: ChainHead
        let reply: Reply
        /// Whether it stays as it is until the chain moves on.
        var isLasting = true
    }

    private struct Answer {
        let head: Digest
        let day: CalendarDate
        let reply: Reply
        let byteCount: Int
        /// What `Database.stamp(of:)` said before the head was last known to be this one.
        var stamp: UInt64?
    }

    /// Two generations: an answer that is asked for again moves to the younger one, and when that is full the elder is
    /// dropped. So the memory is bounded, and what is popular stays.
    private struct State {
        var younger: [String: Answer] = [:]
        var youngerBytes = 0
        var elder: [String: Answer] = [:]

        mutating func find(_ key: String) -> Answer? {
            if let answer = younger[key] { return answer }
            guard let answer = elder.removeValue(forKey: key) else { return nil }
            keep(answer, for: key)
            return answer
        }

        mutating func keep(_ answer: Answer, for key: String) {
            if youngerBytes + answer.byteCount > HistoryLimits.keptAnswerBytes / 2 {
                elder = younger
                younger = [:]
                youngerBytes = 0
            }
            elder[key] = nil
            let former = younger.updateValue(answer, forKey: key)
            youngerBytes += answer.byteCount - (former?.byteCount ?? 0)
        }

        mutating func confirm(_ head: Digest, at stamp: UInt64?, for key: String) {
            // Another reader may have put an older answer there meanwhile.
            guard younger[key]?.head == head else { return }
            younger[key]?.stamp = stamp
        }
    }

    private let state = Mutex(State())

    /// The answer that is surely current without asking the store, or `nil`.
    func current(_ name: String, of vin: VIN, in service: HistoryService) -> Reply? {
        guard let stamp = service.database.stamp(of: vin.text),
            let kept = state.withLock({ $0.find(vin.text + name) }), kept.stamp == stamp,
            kept.day == service.clock.now().dateInChina
        else { return nil }
        return kept.reply
    }

    /// - Parameters:
    ///   - name: tells the answers about one car apart; whatever an answer depends on besides the car's chain and the
    ///     day has to be in it.
    ///   - make: makes the answer.
    func answer(
        _ name: String,
        of vin: VIN,
        in service: HistoryService,
        make: () async throws -> Made
    ) async throws -> Reply {
        let key = vin.text + name
        let day = service.clock.now().dateInChina
        let stamp = service.database.stamp(of: vin.text)
        if let kept = state.withLock({ $0.find(key) }), kept.day == day {
            if let stamp, kept.stamp == stamp { return kept.reply }
            let head = try await service.database.read { [histories = service.histories] tx in
                try histories.head(tx, vin: vin)
            }
            if kept.head == head.hash {
                state.withLock { $0.confirm(head.hash, at: stamp, for: key) }
                return kept.reply
            }
        }
        let made = try await make()
        if made.isLasting, case .bytes(let bytes) = made.reply.body, bytes.count <= HistoryLimits.largestKeptAnswerBytes
        {
            let answer = Answer(
                head: made.head.hash,
                day: day,
                reply: made.reply,
                byteCount: bytes.count,
                stamp: stamp
            )
            state.withLock { $0.keep(answer, for: key) }
        }
        return made.reply
    }
}
