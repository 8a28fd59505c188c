import Core
import HTTPTypes

extension Call {
    /// Holds a change to the version that the caller has read. Ask inside the transaction that writes.
    ///
    /// - Parameter current: the resource's strong entity tag, without quotes; `nil` where there is no such resource.
    /// - Throws: `preconditionRequired` without `If-Match`, `preconditionFailed` with another one.
    package func requireIfMatch(_ current: String?) throws {
        guard let field = headers[.ifMatch] else { throw WebProblem(Failure(.preconditionRequired)) }
        guard let current else { throw WebProblem(Failure(.preconditionFailed)) }
        guard EntityTags(field).matchesStrongly(current) else {
            throw WebProblem(Failure(.preconditionFailed), headers: [.eTag: "\"\(current)\""])
        }
    }
}
