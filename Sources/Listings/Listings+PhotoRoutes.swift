import Core
import Cryptography
import HTTPTypes
import History
import Identity
import Imaging
import NIOCore
import Storage
import Web

extension ListingService {
    var photoEndpoints: [Endpoint] {
        [
            Endpoint(
                .post,
                "/v1/listings/{id}/photos",
                query: ["angle", "turn_degrees"],
                body: .stream(
                    mediaTypes: ImageType.allCases.map(\.mediaType),
                    maximumBytes: ImageLimits.bytes
                ),
                rateLimit: .bulk,
                deadlineSeconds: PhotoLimits.uploadDeadlineSeconds,
                authorize: Policy.authorize(.listingUpdate),
                handler: addPhoto
            ),
            Endpoint(
                .put,
                "/v1/listings/{id}/photos/order",
                body: .json,
                authorize: Policy.authorize(.listingUpdate),
                handler: orderPhotos
            ),
            Endpoint(
                .patch,
                "/v1/listings/{id}/photos/{photo}",
                body: .json,
                authorize: Policy.authorize(.listingUpdate),
                handler: changePhoto
            ),
            Endpoint(
                .delete,
                "/v1/listings/{id}/photos/{photo}",
                authorize: Policy.authorize(.listingUpdate),
                handler: removePhoto
            ),
            Endpoint(
                .get,
                "/v1/photos/{hash}",
                produces: ImageType.allCases.map(\.mediaType),
                authorize: Policy.authorize(.photoRead),
                handler: readPhoto
            ),
        ]
    }

    // MARK: Of a listing

    private func addPhoto(_ call: Call) async throws -> Reply {
        let id = try call.listing()
        let details = try call.photoDetails()
        guard let stream = call.stream, let type = ImageType(rawValue: call.contentType) else {
            throw Failure(.unsupportedMediaType)
        }
        // Before ten megabytes are sent for nothing. Which version the caller knows is asked when something changes.
        try await database.read { tx in
            _ = try owned(tx, id, call)
            try call.requireSomeIfMatch()
        }
        let place = try uploads.take()
        let image = try await cleaning.clean(try await stream.collected(), declared: type)
        let added = try await database.writeRetrying { tx in
            try Listings.addPhoto(
                tx,
                try owned(tx, id, call),
                image,
                details,
                from: Origin(call),
                if: call.requireIfMatch
            )
        }
        withExtendedLifetime(place) {}
        return Reply.json(added.photo.json(position: added.position), status: added.isNew ? .created : .ok)
            .withETag(added.listing.entityTag)
            .withLocation(added.photo.image.path)
    }

    private func orderPhotos(_ call: Call) async throws -> Reply {
        let id = try call.listing()
        var reader = try ObjectReader(call.json)
        let count = 0...PhotoLimits.photosPerListing
        let order = reader.array("photos", count: count)?.map { $0.stringValue.flatMap { PhotoID($0) } }
        reader.refuseUnknownMembers()
        try reader.faults.throwIfAny()
        guard let order else { throw Failure(.invalidRequest) }
        return try await changing(id, call) { tx, listing in
            // What is no identifier is none of the listing's photos.
            let known = order.contains(nil) ? [] : order.compactMap { $0 }
            return try Listings.orderPhotos(tx, listing, known, from: Origin(call), if: call.requireIfMatch)
        }
    }

    private func changePhoto(_ call: Call) async throws -> Reply {
        let photo = try call.photo()
        return try await changing(try call.listing(), call) { tx, listing in
            try Listings.changePhoto(tx, listing, photo, call.json, from: Origin(call), if: call.requireIfMatch)
        }
    }

    private func removePhoto(_ call: Call) async throws -> Reply {
        let photo = try call.photo()
        return try await changing(try call.listing(), call) { tx, listing in
            try Listings.removePhoto(tx, listing, photo, from: Origin(call), if: call.requireIfMatch)
        }
    }

    private func changing(
        _ id: ListingID,
        _ call: Call,
        _ body: @escaping @Sendable (any Transaction, Listing) throws -> Listing
    ) async throws -> Reply {
        try await database.writeRetrying { tx in try reply(tx, try body(tx, try owned(tx, id, call)), to: call) }
    }

    // MARK: The image itself

    private func readPhoto(_ call: Call) async throws -> Reply {
        guard let hash = Digest(hex: try call.parameter("hash")), hash.hex == call.parameters["hash"] else {
            throw Failure(.notFound)
        }
        let found = try await database.read { tx in
            let isPublic = try PhotoStore.isPublic(tx, hash)
            let isSeen = try isPublic || PhotoStore.dealers(tx, hash).contains { Policy.sees(call.principal, $0) }
            guard isSeen, let content = try PhotoStore.content(tx, hash) else { throw Failure(.notFound) }
            return (content: content, isPublic: isPublic)
        }
        let reply = Reply(.ok, body: .bytes(found.content.bytes))
            .with(.contentType, found.content.type.mediaType)
            .with(.contentDisposition, "inline")
            .withETag(hash.hex)
        // What only its owner sees is kept by nobody on the way.
        return found.isPublic ? reply.shownAnywhere() : reply
    }
}

extension Reply {
    /// Whoever shows a listing shows its photos, wherever his pages come from.
    fileprivate func shownAnywhere() -> Reply {
        immutable().with(.crossOriginResourcePolicy, "cross-origin")
    }
}

extension Call {
    fileprivate func photo() throws -> PhotoID {
        guard let id = PhotoID(try parameter("photo")) else { throw Failure(.notFound) }
        return id
    }

    /// What the query says of an image. The other details are added when it is there.
    ///
    /// - Throws: `invalidQuery`.
    fileprivate func photoDetails() throws -> PhotoDetails {
        let faults = FaultCollector()
        let angle = query["angle"].flatMap(PhotoAngle.init(rawValue:))
        if angle == nil {
            let angles = PhotoAngle.allCases.map(\.rawValue).joined(separator: ", ")
            faults.add("/query/angle", "not_allowed", zh: "必填，只能是：\(angles)", en: "Required; must be one of: \(angles)")
        }
        let turn = query["turn_degrees"].map { Int64($0) }
        if let turn, !(turn.map(PhotoLimits.turnDegrees.contains) ?? false) {
            faults.add("/query/turn_degrees", "out_of_range", zh: "须为 0 至 359 的整数", en: "Must be between 0 and 359")
        }
        try faults.throwIfAny(.invalidQuery)
        guard let angle else { throw Failure(.invalidQuery) }
        return PhotoDetails(angle: angle, turnDegrees: turn ?? nil)
    }

    /// - Throws: `preconditionRequired` where the caller does not say which version it knows.
    fileprivate func requireSomeIfMatch() throws {
        if headers[.ifMatch] == nil { try requireIfMatch(nil) }
    }
}

extension BodyStream {
    fileprivate func collected() async throws -> [UInt8] {
        var bytes: [UInt8] = []
        for try await chunk in self { bytes += chunk.readableBytesView }
        return bytes
    }
}
