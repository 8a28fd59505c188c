package import Core
package import HTTPTypes
package import NIOCore
package import Storage

/// A request after everything that does not depend on the endpoint has been checked: who calls, in which language,
/// with which strictly read body.
package struct Call: Sendable {
    package let requestID: String
    package let language: Language
    package let principal: Principal?
    package let endpoint: Endpoint
    /// Values of the template's parameters, percent-decoded.
    package let parameters: [String: String]
    /// Known members only, each at most once.
    package let query: [String: String]
    package let headers: HTTPFields
    /// Which of the endpoint's media types the caller prefers.
    package let mediaType: String
    /// The body of an endpoint that takes JSON.
    package let json: JSON
    /// The body of an endpoint that reads a stream.
    package let stream: BodyStream?
    package let idempotency: Idempotency.Request?
    package let cursors: CursorSigner
}

/// `zh-CN` unless the caller prefers English.
package enum Language: String, Sendable, Hashable, CaseIterable {
    case chinese = "zh-CN"
    case english = "en"
}

extension LocalizedText {
    package func text(in language: Language) -> String {
        switch language {
        case .chinese: zh
        case .english: en
        }
    }
}
