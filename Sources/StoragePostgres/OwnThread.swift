import Glibc

/// A thread apart from the cooperative pool, which must never be blocked.
enum OwnThread {
    /// - Throws: `PQError` where the process may have no more of them.
    static func start(_ body: @escaping @Sendable () -> Void) throws(PQError) {
        let start = Unmanaged.passRetained(Start(body))
        var thread = pthread_t()
        let code = pthread_create(
            &thread,
            nil,
            { context in
                guard let context else { return nil }
                Unmanaged<Start>.fromOpaque(context).takeRetainedValue().body()
                return nil
            },
            start.toOpaque()
        )
        guard code == 0 else {
            start.release()
            throw .defect("no thread can be started (\(code))")
        }
        pthread_detach(thread)
    }

    private final class Start: Sendable {
        let body: @Sendable () -> Void

        init(_ body: @escaping @Sendable () -> Void) {
            self.body = body
        }
    }
}
