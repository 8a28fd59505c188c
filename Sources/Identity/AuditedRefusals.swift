package import Core
package import Logging
package import Storage
import Synchronization
package import Web

/// Keeps what was refused in the audit trail, without letting a flood of refusals fill the disk or a busy store hold
/// up the answers.
package final class AuditedRefusals: RefusalRecorder {
    /// Kinds of anonymous refusals that are told apart at a time. Two notes of some 600 bytes a minute each make
    /// 100 MB a day, whatever is sent.
    package static let anonymousKindsMaximum = 60
    /// The same for callers who are known, and whom somebody can be asked about.
    package static let memberKindsMaximum = 1000
    /// How long an answer waits for its refusal to be written. The writing goes on after that.
    package static let patience = Duration.milliseconds(250)

    private let database: any Database
    private let clock: any WallClock
    private let logger: Logger
    private let state = Mutex(State())

    private struct State {
        var anonymous = RefusalWindows(maximumKinds: anonymousKindsMaximum)
        var members = RefusalWindows(maximumKinds: memberKindsMaximum)
    }

    package init(database: any Database, clock: any WallClock, logger: Logger) {
        self.database = database
        self.clock = clock
        self.logger = logger
    }

    package func record(_ refusal: Refusal) async {
        let now = clock.now()
        let notes = state.withLock { state in
            refusal.principal == nil ? state.anonymous.take(refusal, at: now) : state.members.take(refusal, at: now)
        }
        guard !notes.isEmpty else { return }
        await wait(atMost: AuditedRefusals.patience) { await self.write(notes) }
    }

    /// Writes whatever has been counted so far: on shutdown, so that nothing is forgotten.
    package func flush() async {
        await drain(closedOnly: false)
    }

    /// Writes what was counted in windows that have closed: now and then, so that the end of a flood is not kept back
    /// until the next refusal of its kind.
    package func flushClosed() async {
        await drain(closedOnly: true)
    }

    private func drain(closedOnly: Bool) async {
        let now = clock.now()
        let notes = state.withLock { state in
            state.anonymous.drain(at: now, closedOnly: closedOnly)
                + state.members.drain(at: now, closedOnly: closedOnly)
        }
        if !notes.isEmpty { await write(notes) }
    }

    private func write(_ notes: [RefusalNote]) async {
        do {
            try await database.writeRetrying { tx in
                for note in notes { try AuditTrail.append(tx, note.entry) }
            }
        } catch {
            state.withLock { state in
                for note in notes {
                    if note.kind.organization == nil {
                        state.anonymous.giveBack(note)
                    } else {
                        state.members.giveBack(note)
                    }
                }
            }
            logger.warning("refusals could not be written to the audit trail", metadata: ["error": "\(error)"])
        }
    }
}

/// Waits for `work` no longer than `limit`; the work itself goes on to its end.
private func wait(atMost limit: Duration, for work: @escaping @Sendable () async -> Void) async {
    await withCheckedContinuation { continuation in
        let gate = Gate(continuation)
        let timer = Task {
            try? await Task.sleep(for: limit)
            gate.open()
        }
        Task {
            await work()
            gate.open()
            timer.cancel()
        }
    }
}

/// Lets one waiter through, once: whoever comes second finds it open.
private final class Gate: Sendable {
    private let waiter: Mutex<CheckedContinuation<Void, Never>?>

    init(_ waiter: CheckedContinuation<Void, Never>) {
        self.waiter = Mutex(waiter)
    }

    func open() {
        let waiter = waiter.withLock { waiter in
            defer { waiter = nil }
            return waiter
        }
        waiter?.resume()
    }
}
