import Core
import Storage

/// One of the connections that read, on a thread of its own.
final class Reader {
    private let queue: WorkQueue<any PendingWork>
    private let session: Session
    private let clock: any WallClock

    init(_ queue: WorkQueue<any PendingWork>, _ connector: Connector, clock: any WallClock) {
        self.queue = queue
        self.clock = clock
        session = Session(connector)
    }

    /// Returns when the queue is closed and empty.
    func run() {
        while let read = queue.next(upTo: 1).first {
            do {
                try session.connect()
                answer(read)
            } catch {
                let failure = error.translated
                for read in [read] + queue.takeAll() { read.finish(failure) }
            }
        }
        session.disconnect()
    }

    /// A read changes nothing: one that met a lost connection, or a standby that could not wait for it, is run again.
    private func answer(_ read: any PendingWork) {
        for _ in 1..<Self.attempts {
            guard let error = attempt(read) else { return }
            guard error.isLost || error.isContention, (try? session.connect()) != nil else {
                return read.finish(error.translated)
            }
        }
        if let error = attempt(read) { read.finish(error.translated) }
    }

    private static let attempts = 2

    /// Runs the body in a transaction that only reads: all its statements see one committed state. The caller has its
    /// answer before the transaction is ended.
    /// - Returns: why there is no answer yet.
    private func attempt(_ read: any PendingWork) -> PQError? {
        session.begin(.read)
        defer { session.endReading() }
        let end = BodyRun(session: session, clock: clock, postpones: false).run(read) {
            session.rollBack()
            session.begin(.read)
        }
        switch end {
        case .kept: break
        case .refused(let error): read.refuse(error)
        case .unfinished(let error): return error
        }
        read.finish(nil)
        return nil
    }
}
