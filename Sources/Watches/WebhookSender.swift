package import Core
import Identity
package import Jobs
package import Outbound
package import Storage
import Web

/// Sends what watches have to be told: of each watch one delivery after the other, and none before the one ahead of it
/// has been accepted.
package struct WebhookSender: Sendable {
    /// A job for each watch.
    package static let kind = "webhook"

    private let database: any Database
    private let watches: Watches
    private let outbound: Outbound
    private let clock: any WallClock
    private let chance: Backoff.Chance

    package init(
        database: any Database,
        watches: Watches,
        outbound: Outbound,
        clock: any WallClock,
        chance: @escaping Backoff.Chance = { Int64.random(in: $0) }
    ) {
        self.database = database
        self.watches = watches
        self.outbound = outbound
        self.clock = clock
        self.chance = chance
    }

    /// When it is tried again stands in `RetrySchedule`; the back-off of the job is for what went wrong here.
    package var handler: JobHandler {
        JobHandler(
            WebhookSender.kind,
            backoff: Backoff(attempts: .max),
            concurrency: WatchLimits.concurrency,
            action: act
        )
    }

    private struct Pending: Sendable {
        let watch: Watch
        let delivery: Delivery
    }

    private func act(_ run: JobRun) async throws -> JobHandler.Effect {
        guard let id = WatchID(run.job.key) else { throw HopelessJob("the key is no watch's") }
        guard let pending = try await database.read({ tx in try WebhookSender.next(tx, id) }) else {
            return { tx in try WebhookSender.outcome(tx, id) }
        }
        let answer = try await send(pending.delivery, of: pending.watch)
        return { tx in try settle(tx, pending.delivery, answer) }
    }

    private static func next(_ tx: any Transaction, _ id: WatchID) throws -> Pending? {
        guard let watch = try WatchStore.find(tx, id), watch.state == .active, watch.url != nil,
            try Organizations.get(tx, watch.organization).suspension == nil
        else { return nil }
        return try DeliveryStore.next(tx, of: id).map { Pending(watch: watch, delivery: $0) }
    }

    /// Looks once more behind the lock on the job: what is enqueued from now on awakens it again.
    private static func outcome(_ tx: any Transaction, _ id: WatchID) throws -> JobOutcome {
        guard let watch = try WatchStore.find(tx, id), watch.state == .active, watch.url != nil else { return .done }
        guard try DeliveryStore.next(tx, of: id) != nil else { return .done }
        let isSuspended = try Organizations.get(tx, watch.organization).suspension != nil
        return .again(at: isSuspended ? tx.now.adding(seconds: WatchLimits.suspensionPauseSeconds) : tx.now)
    }

    /// One attempt, with the headers of Standard Webhooks.
    func send(_ delivery: Delivery, of watch: Watch) async throws -> OutboundAnswer {
        guard let url = watch.url.flatMap({ try? OutboundURL(parsing: $0, outbound.policy) }) else {
            // The operator's policy was another one when it was set.
            return OutboundAnswer(status: nil, latencyMilliseconds: 0, fault: .refusedAddress)
        }
        let now = clock.now()
        let (seconds, body) = (now.microseconds.floorDivided(by: 1_000_000), Array(delivery.body.utf8))
        let signatures = try watches.signatures(watch, id: delivery.id, seconds: seconds, body: body, at: now)
        return try await outbound.post(
            OutboundRequest(
                url: url,
                headers: [
                    ("Content-Type", "application/json"), ("webhook-id", delivery.id.text),
                    ("webhook-timestamp", "\(seconds)"), ("webhook-signature", signatures),
                ],
                body: body
            )
        )
    }

    // MARK: What becomes of it

    private func settle(_ tx: any Transaction, _ delivery: Delivery, _ answer: OutboundAnswer) throws -> JobOutcome {
        let attempt = Delivery.Attempt(answer, at: tx.now)
        let state: Delivery.State = answer.isAccepted ? .delivered : .pending
        // Somebody may have set it going anew, or deleted it.
        guard try DeliveryStore.record(tx, delivery, attempt, state),
            let watch = try WatchStore.find(tx, delivery.watch)
        else { return try WebhookSender.outcome(tx, delivery.watch) }
        if answer.isAccepted {
            if watch.failingSince != nil { try WatchStore.note(tx, watch.id, failingSince: nil) }
            return try WebhookSender.outcome(tx, watch.id)
        }
        guard watch.state == .active else { return .done }
        return try putOff(tx, watch, delivery, isGone: answer.status == 410)
    }

    private func putOff(_ tx: any Transaction, _ watch: Watch, _ delivery: Delivery, isGone: Bool) throws -> JobOutcome
    {
        var watch = watch
        watch.failingSince = watch.failingSince ?? tx.now.truncatedToMilliseconds
        let since = watch.failingSince ?? tx.now
        if isGone || tx.now.seconds(since: since) >= WatchLimits.failingSeconds {
            try Watches.disable(tx, watch, isGone ? .gone : .failing)
            return .done
        }
        try WatchStore.note(tx, watch.id, failingSince: since)
        let pause = RetrySchedule.pauseMilliseconds(after: delivery.attempts + 1, chance)
        return .again(at: tx.now.adding(milliseconds: pause))
    }

    /// Sends it now and outside the order, once.
    ///
    /// - Returns: the delivery with what became of it.
    func sendOnce(_ delivery: Delivery, of watch: Watch) async throws -> Delivery {
        let answer = try await send(delivery, of: watch)
        return try await database.writeRetrying { tx in
            guard let current = try DeliveryStore.find(tx, delivery.id, of: watch.id) else { throw Failure(.notFound) }
            let state: Delivery.State = answer.isAccepted ? .delivered : current.state
            guard try DeliveryStore.record(tx, current, Delivery.Attempt(answer, at: tx.now), state),
                let sent = try DeliveryStore.find(tx, delivery.id, of: watch.id)
            else { throw UniqueViolation() }
            return sent
        }
    }
}
