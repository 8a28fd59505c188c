package import Core
package import HTTPTypes

/// An answer, before the frame adds what every answer carries.
package struct Reply: Sendable {
    package enum Body: Sendable {
        case none
        case bytes([UInt8])
        /// Written as it is made. The status is gone before the first byte: fail before writing.
        case stream(@Sendable (any BodyWriter) async throws -> Void)
    }

    package var status: HTTPResponse.Status
    package var headers: HTTPFields
    package var body: Body

    package init(_ status: HTTPResponse.Status, headers: HTTPFields = [:], body: Body = .none) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// `application/json`, private and not to be stored unless the caller says otherwise.
    package static func json(_ json: JSON, status: HTTPResponse.Status = .ok) -> Reply {
        .json(bytes: json.bytes, status: status)
    }

    /// `bytes` already are JSON.
    package static func json(bytes: [UInt8], status: HTTPResponse.Status = .ok) -> Reply {
        Reply(status, headers: [.contentType: "application/json"], body: .bytes(bytes))
    }

    /// A strong entity tag: what stands between the quotes.
    package func withETag(_ tag: String) -> Reply {
        with(.eTag, "\"\(tag)\"")
    }

    /// To another page, which is fetched by GET (RFC 9110, section 15.4.4): reloading that one does not send a form
    /// again.
    package static func seeOther(_ path: String) -> Reply {
        Reply(.seeOther).withLocation(path)
    }

    package func withLocation(_ path: String) -> Reply {
        with(.location, path)
    }

    /// For what never changes and everybody may see.
    package func immutable() -> Reply {
        with(.cacheControl, "public, max-age=31536000, immutable")
    }

    package func with(_ name: HTTPField.Name, _ value: String) -> Reply {
        var copy = self
        if copy.headers.contains(name) {
            copy.headers[name] = value
        } else {
            copy.headers.append(HTTPField(name: name, value: value))
        }
        return copy
    }
}

/// Where a streamed answer goes. Waits when the reader is slow.
package protocol BodyWriter: Sendable {
    func write(_ bytes: [UInt8]) async throws
}
