import Core
import Cryptography
import HummingbirdCore
package import NIOCore
import Synchronization

/// A body that is read as it arrives: at most once, and never more of it than its endpoint allows.
///
/// A sender that is too slow ends it with 408, one that sends too much with 413, and one whose bytes are not what
/// `Content-Digest` said with 400 after the last byte.
package struct BodyStream: AsyncSequence, Sendable {
    package typealias Element = ByteBuffer

    let body: RequestBody
    let limits: Limits
    /// Called before the first byte is waited for: answers `Expect: 100-continue`.
    let willRead: @Sendable () -> Void
    /// Whether the last byte has been read.
    let isRead = Flag()

    struct Limits: Sendable {
        var maximumBytes: Int
        /// What `Content-Length` said.
        var declaredBytes: Int?
        var expectedDigest: [UInt8]?
        var deadline: ContinuousClock.Instant?
    }

    init(_ body: RequestBody, limits: Limits, willRead: @escaping @Sendable () -> Void = {}) {
        self.body = body
        self.limits = limits
        self.willRead = willRead
    }

    /// A body without a connection, for what is tested without one.
    package init(chunks: [ByteBuffer], maximumBytes: Int = .max) {
        let stream = AsyncStream { continuation in
            for chunk in chunks { continuation.yield(chunk) }
            continuation.finish()
        }
        self.init(RequestBody(asyncSequence: stream), limits: Limits(maximumBytes: maximumBytes))
    }

    package func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(self)
    }

    package struct AsyncIterator: AsyncIteratorProtocol {
        private var chunks: RequestBody.AsyncIterator
        private let limits: Limits
        private var willRead: (@Sendable () -> Void)?
        private var receivedBytes = 0
        private var hasher: SHA256?
        private let isRead: Flag

        init(_ stream: BodyStream) {
            chunks = stream.body.makeAsyncIterator()
            limits = stream.limits
            willRead = stream.willRead
            isRead = stream.isRead
            hasher = stream.limits.expectedDigest == nil ? nil : SHA256()
        }

        /// The framework's iterator runs nowhere else.
        @concurrent
        package mutating func next() async throws -> ByteBuffer? {
            willRead?()
            willRead = nil
            if let deadline = limits.deadline, ContinuousClock.now > deadline { throw BodyFault.tooSlow }
            guard let chunk = try await nextChunk() else {
                try checkWhole()
                isRead.raise()
                return nil
            }
            receivedBytes += chunk.readableBytes
            guard receivedBytes <= limits.maximumBytes else {
                throw BodyFault.tooLarge(maximumBytes: limits.maximumBytes)
            }
            if hasher != nil { chunk.withUnsafeReadableBytes { hasher?.update($0) } }
            return chunk
        }

        /// Whatever breaks the connection or its syntax is the sender's fault, not a defect of ours.
        @concurrent
        private mutating func nextChunk() async throws -> ByteBuffer? {
            do {
                return try await chunks.next()
            } catch is SlowBody {
                throw BodyFault.tooSlow
            } catch is CancellationError {
                throw CancellationError()
            } catch {
                throw BodyFault.broken
            }
        }

        /// The framework takes the end of the connection for the end of the body.
        private mutating func checkWhole() throws {
            if let declared = limits.declaredBytes, receivedBytes != declared { throw BodyFault.broken }
            guard let expected = limits.expectedDigest, let hasher else { return }
            self.hasher = nil
            guard ConstantTime.equal(hasher.finalize().bytes, expected) else { throw BodyFault.digestMismatch }
        }
    }
}

/// Goes up once, and can be seen by all who hold it.
final class Flag: Sendable {
    private let value = Atomic<Bool>(false)

    var isUp: Bool { value.load(ordering: .acquiring) }

    func raise() {
        value.store(true, ordering: .releasing)
    }
}

/// The sender kept us waiting for longer than it had earned.
struct SlowBody: Error {}

/// What may be wrong with a body, as failures. Inside an asynchronous sequence `Failure` is the name of something else.
enum BodyFault {
    static let tooSlow = Failure(.requestTimeout)
    static let broken = Failure(.malformedRequest)
    static let digestMismatch = Failure(.digestMismatch)

    static func tooLarge(maximumBytes: Int) -> Failure {
        Failure(
            .payloadTooLarge,
            zh: "请求体超过上限 \(maximumBytes) 字节",
            en: "The body is larger than \(maximumBytes) bytes"
        )
    }

    static func lineTooLong(number: Int, maximumBytes: Int) -> Failure {
        Failure(
            .lineTooLong,
            zh: "第 \(number) 行超过 \(maximumBytes) 字节",
            en: "Line \(number) has more than \(maximumBytes) bytes"
        )
    }
}
