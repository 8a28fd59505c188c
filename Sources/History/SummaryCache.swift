import Core
import Cryptography
import HTTPTypes
import Ledger
import Synchronization
import Web

/// The last summary made of each car, kept until its chain moves on or the day changes (a gap grows, a car comes near
/// its scrap age). What is found here is always what would be made anew.
final class SummaryCache: Sendable {
    struct Summary: Sendable {
        let head: Digest
        let day: CalendarDate
        let reply: Reply

        init(_ bytes: [UInt8], _ head: ChainHead, _ day: CalendarDate) {
            self.head = head.hash
            self.day = day
            reply = Reply.json(bytes: bytes).revalidated(tag: head.tag(content: bytes))
        }
    }

    private let kept = Mutex<[String: Summary]>([:])

    func find(_ vin: VIN, head: Digest, day: CalendarDate) -> Summary? {
        let summary = kept.withLock { $0[vin.text] }
        guard let summary, summary.head == head, summary.day == day else { return nil }
        return summary
    }

    func keep(_ summary: Summary, for vin: VIN) {
        kept.withLock { summaries in
            // Any one goes: a popular car is back with its next reader.
            if summaries.count >= HistoryLimits.cachedSummaries, let any = summaries.keys.first {
                summaries[any] = nil
            }
            summaries[vin.text] = summary
        }
    }
}
