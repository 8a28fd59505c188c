package import Core

/// Which part of a list the caller wants. Lists are walked by key: the position is that of the last element seen.
package struct Page: Sendable, Hashable {
    /// The members that an endpoint with pages adds to its own.
    package static let query: Set<String> = ["limit", "cursor"]

    package let limit: Int
    /// What `nextPage` was given when the previous page was answered; `nil` for the first page.
    package let position: String?

    package init(limit: Int = Limits.pageSizeDefault, position: String? = nil) {
        self.limit = limit
        self.position = position
    }
}

/// How to ask for the elements after these.
package struct NextPage: Sendable, Hashable {
    package let cursor: String
    /// The path and query that ask for it.
    package let target: String
}

extension Call {
    /// - Throws: 400 for a limit that is no positive number, or a cursor that does not belong to this query.
    package func page() throws -> Page {
        let position = try query["cursor"].map { try cursors.position(of: $0, binding: cursorBinding) }
        return Page(limit: try pageLimit(), position: position)
    }

    /// - Parameter position: of the last element on this page, in whatever form the endpoint finds it again.
    package func nextPage(after position: String) -> NextPage {
        let cursor = cursors.cursor(position: position, binding: cursorBinding)
        var members = query
        members["cursor"] = cursor
        let text = members.sorted { $0.key < $1.key }
            .map { "\(percentEncoded($0.key))=\(percentEncoded($0.value))" }
            .joined(separator: "&")
        return NextPage(cursor: cursor, target: "\(path)?\(text)")
    }

    /// `{"data": […], "has_more": …, "next_cursor": …}`
    /// - Parameter next: the position of the last element where there are more after it, or `nil`.
    package func list(_ elements: [JSON], next position: String?) -> Reply {
        list(next: position) { writer in
            for (index, element) in elements.enumerated() {
                if index > 0 { writer.raw(",") }
                writer.write(element)
            }
        }
    }

    /// - Parameter write: writes the elements, with commas between them; for lists that are worth not building a tree.
    package func list(next position: String?, write: (inout JSONWriter) throws -> Void) rethrows -> Reply {
        let next = position.map(nextPage(after:))
        var writer = JSONWriter(capacity: 4096)
        writer.raw("{\"data\":[")
        try write(&writer)
        writer.raw(next == nil ? "],\"has_more\":false,\"next_cursor\":" : "],\"has_more\":true,\"next_cursor\":")
        writer.write(.optional(next?.cursor) { .string($0) })
        writer.raw("}")
        return Reply.json(bytes: writer.bytes).withNextLink(next)
    }

    private func pageLimit() throws -> Int {
        guard let text = query["limit"] else { return Limits.pageSizeDefault }
        guard text.utf8.count <= 18, let limit = Int(text), limit > 0 else {
            throw Failure(
                .invalidQuery,
                faults: [
                    Fault(
                        "/query/limit",
                        "out_of_range",
                        zh: "须为 1 至 \(Limits.pageSizeMaximum) 的整数",
                        en: "Must be an integer from 1 to \(Limits.pageSizeMaximum)"
                    )
                ]
            )
        }
        return min(limit, Limits.pageSizeMaximum)
    }

    /// The path with its parameters, the filters and whose list it is: what a cursor must not be carried between.
    private var cursorBinding: [UInt8] {
        var binding = LengthPrefixed()
        binding.append(endpoint.path)
        binding.append(principal?.organization ?? "")
        for (name, value) in parameters.sorted(by: { $0.key < $1.key }) {
            binding.append(name)
            binding.append(value)
        }
        for (name, value) in query.sorted(by: { $0.key < $1.key }) where !Page.query.contains(name) {
            binding.append(name)
            binding.append(value)
        }
        return binding.bytes
    }
}

extension Reply {
    /// `Link: rel="next"` (RFC 8288), for lists with a body of their own shape.
    package func withNextLink(_ next: NextPage?) -> Reply {
        guard let next else { return self }
        return with(.link, "<\(next.target)>; rel=\"next\"")
    }
}
