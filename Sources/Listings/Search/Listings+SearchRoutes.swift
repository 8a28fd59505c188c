import Core
import HTTPTypes
import Identity
import Storage
import Web

extension ListingService {
    var searchEndpoints: [Endpoint] {
        [
            Endpoint(
                .get,
                "/v1/listings",
                query: SearchQuery.members,
                authorize: Policy.authorize(.listingSearch),
                handler: find
            )
        ]
    }

    /// The index says which listings and in what order, the store what they are now: what is not on offer any more is
    /// left out, and a page may be shorter for it.
    private func find(_ call: Call) async throws -> Reply {
        let query = try SearchQuery(call)
        let result = try await search.search(query)
        let statuses = query.values[.status] ?? []
        let listings = try await database.read { tx in
            try ListingStore.find(tx, all: result.ranks.map { ListingID(number: $0.id) })
        }.filter { $0.status.isPublic && statuses.contains($0.status.rawValue) }
        let next = result.hasMore ? result.ranks.last.map { call.nextPage(after: $0.text) } : nil
        return Reply.json([
            "data": .array(listings.map { $0.json(isOwn: false) }),
            "has_more": .bool(result.hasMore),
            "next_cursor": .optional(next?.cursor, JSON.string),
            "total": .integer(Int64(result.total)),
            "facets": .object(result.facets.map { JSON.Member($0.dimension.name, $0.json) }),
        ]).withNextLink(next)
    }
}

extension SearchFacet {
    fileprivate var json: JSON {
        .array(
            counts.map { count in
                let label = dimension.label(of: count.value)
                return [
                    "value": JSON(count.value),
                    "label": .optional(label) { ["zh": JSON($0.zh), "en": JSON($0.en)] },
                    "count": .integer(Int64(count.count)),
                ]
            }
        )
    }
}

extension Endpoint {
    /// The same, and whoever has changed a listing here finds it changed when he searches here.
    func caughtUp(by search: ListingSearch) -> Endpoint {
        guard method != .get else { return self }
        return Endpoint(
            method,
            path,
            query: query,
            body: body,
            produces: produces,
            repetition: repetition,
            rateLimit: rateLimit,
            deadlineSeconds: deadlineSeconds,
            authorize: authorize,
            atOnce: atOnce
        ) { [handler] call in
            let reply = try await handler(call)
            await search.catchUp()
            return reply
        }
    }
}
