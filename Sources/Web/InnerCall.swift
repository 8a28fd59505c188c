package import Core
package import HTTPTypes

extension Call {
    /// Asks another operation of this server in the name of the same caller, who may do there what he may do over the
    /// network, and no more.
    ///
    /// The operation's quota is not charged: that of the endpoint that asks has been.
    ///
    /// - Throws: whatever the operation refuses with.
    package func asking(
        _ endpoint: Endpoint,
        parameters: [String: String] = [:],
        query: [String: String] = [:],
        headers: HTTPFields = [:],
        json: JSON = .null,
        stream: BodyStream? = nil
    ) async throws -> Reply {
        try endpoint.authorize(principal).requireAllowed()
        var headers = headers
        headers[.userAgent] = self.headers[.userAgent]
        return try await endpoint.handler(
            Call(
                endpoint: endpoint,
                cursors: cursors,
                requestID: requestID,
                language: language,
                principal: principal,
                path: endpoint.path(filledWith: parameters),
                parameters: parameters,
                query: query,
                headers: headers,
                json: json,
                stream: stream,
                address: address
            )
        )
    }
}

extension Endpoint {
    private func segment(_ segment: Substring, _ parameters: [String: String]) -> String {
        guard let name = Route.parameterName(segment) else { return String(segment) }
        return percentEncoded(parameters[name] ?? "")
    }

    fileprivate func path(filledWith parameters: [String: String]) -> String {
        "/" + path.split(separator: "/").map { segment($0, parameters) }.joined(separator: "/")
    }
}

extension Reply {
    /// The body of an answer in JSON; `null` where there is none.
    package func json() throws -> JSON {
        guard case .bytes(let bytes) = body else { return .null }
        return try JSONParser.parse(bytes)
    }
}
