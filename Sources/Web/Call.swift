package import Core
package import HTTPTypes

/// A request after everything that does not depend on the endpoint has been checked: who calls, in which language,
/// with which strictly read body.
package final class Call: Sendable {
    package let requestID: String
    package let language: Language
    package let principal: Principal?
    package let endpoint: Endpoint
    /// As it was asked for, parameters filled in and encoded, without the query.
    package let path: String
    /// Values of the template's parameters, percent-decoded.
    package let parameters: [String: String]
    /// Known members only, each at most once.
    package let query: [String: String]
    package let headers: HTTPFields
    /// The best of `endpoint.produces` that `Accept` allows.
    package let mediaType: String
    /// The body of an endpoint that takes JSON.
    package let json: JSON
    /// The body of an endpoint that takes a form.
    package let form: [String: String]
    /// The body of an endpoint that reads a stream.
    package let stream: BodyStream?
    package let idempotency: Idempotency.Request?
    package let cursors: CursorSigner
    let address: ClientAddress

    package init(
        endpoint: Endpoint,
        cursors: CursorSigner,
        requestID: String = "",
        language: Language = .chinese,
        principal: Principal? = nil,
        path: String? = nil,
        parameters: [String: String] = [:],
        query: [String: String] = [:],
        headers: HTTPFields = [:],
        mediaType: String? = nil,
        json: JSON = .null,
        form: [String: String] = [:],
        stream: BodyStream? = nil,
        idempotency: Idempotency.Request? = nil,
        address: ClientAddress = .unknown
    ) {
        self.requestID = requestID
        self.language = language
        self.principal = principal
        self.endpoint = endpoint
        self.path = path ?? endpoint.path
        self.parameters = parameters
        self.query = query
        self.headers = headers
        self.mediaType = mediaType ?? endpoint.produces.first ?? ""
        self.json = json
        self.form = form
        self.stream = stream
        self.idempotency = idempotency
        self.cursors = cursors
        self.address = address
    }

    package var remoteAddress: String { address.text }

    /// The type of the body, in lower case and without parameters: one of those that the endpoint takes.
    package var contentType: String { headers[.contentType].map { MediaTypeField($0).essence } ?? "" }

    /// Of the body: its media type, and the character set that it names.
    package var bodyType: (essence: String, charset: String?)? {
        headers[.contentType].map(MediaTypeField.init).map { ($0.essence, $0.charset) }
    }

    /// Whether the caller takes an answer of this type; for an endpoint whose type depends on what it answers about.
    package func accepts(_ mediaType: String) -> Bool {
        acceptedMediaType(headers[.accept], among: [mediaType]) != nil
    }

    /// - Throws: where the endpoint's template has no such parameter: a defect, never the caller's fault.
    package func parameter(_ name: String) throws -> String {
        guard let value = parameters[name] else { throw MissingParameter(name: name) }
        return value
    }
}

struct MissingParameter: Error {
    let name: String
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

extension Call {
    /// For steps that take nothing: `{}`.
    ///
    /// - Throws: `invalidRequest` for a body with members.
    package func requireEmptyObject() throws {
        let reader = try ObjectReader(json)
        reader.refuseUnknownMembers()
        try reader.faults.throwIfAny()
    }

    /// The caller, for endpoints that nobody may call without a credential.
    ///
    /// - Throws: `Failure.unauthenticated` where there is none: the endpoint's rule should have refused before.
    package func requirePrincipal() throws -> Principal {
        guard let principal else { throw Failure(.unauthenticated) }
        return principal
    }
}
