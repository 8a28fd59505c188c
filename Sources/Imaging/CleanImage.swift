import Core

/// A photograph that shows what it showed, upright, and tells nothing else: neither where it was taken nor when, with
/// what or by whom.
package struct CleanImage: Sendable, Hashable {
    package let type: ImageType
    package let size: PixelSize
    package let bytes: [UInt8]

    /// Takes as long as unpacking the image does: only `ImageCleaning` does it.
    ///
    /// - Parameter declared: the type that the sender says it is.
    /// - Throws: `imageRefused`.
    init(cleaning bytes: [UInt8], declared: ImageType) throws {
        guard bytes.count <= ImageLimits.bytes else {
            throw Failure.refusedImage(
                "too_large",
                zh: "图片为 \(bytes.count) 字节，最多 \(ImageLimits.bytes)",
                en: "The image has \(bytes.count) bytes, at the most \(ImageLimits.bytes) are taken"
            )
        }
        let type = try CleanImage.type(of: bytes, declared: declared)
        switch type {
        case .jpeg: (self.bytes, size) = try JPEGCleaner.clean(bytes)
        case .png: (self.bytes, size) = try PNGCleaner.clean(bytes)
        case .webp: (self.bytes, size) = try WebPCleaner.clean(bytes)
        }
        self.type = type
    }

    private static func type(of bytes: [UInt8], declared: ImageType) throws -> ImageType {
        switch SniffedType(bytes) {
        case .image(declared): return declared
        case .image(let type):
            throw Failure.refusedImage(
                "type_mismatch",
                zh: "Content-Type 为 \(declared.mediaType)，但内容是 \(type.mediaType)",
                en: "The Content-Type says \(declared.mediaType), but the bytes are \(type.mediaType)"
            )
        case .other(let name):
            throw Failure.refusedImage(
                "type_unsupported",
                zh: "不接受 \(name)：请导出为 JPEG 后上传",
                en: "\(name) is not taken: export it as JPEG"
            )
        case .unknown:
            throw Failure.refusedImage(
                "type_unsupported",
                zh: "内容不是图片：只接受 JPEG、PNG、WebP",
                en: "The bytes are no image: JPEG, PNG and WebP are taken"
            )
        }
    }
}

/// Cleans images, a few at a time, apart from the threads that serve requests.
package final class ImageCleaning: Sendable {
    private let threads: WorkerThreads

    package init(
        concurrentMaximum: Int = ImageLimits.concurrentMaximum,
        waitingMaximum: Int = ImageLimits.waitingMaximum
    ) {
        threads = WorkerThreads(
            concurrentMaximum: concurrentMaximum,
            waitingMaximum: waitingMaximum,
            refusal: .imagingBusy
        )
    }

    /// - Throws: `imageRefused`, `imagingBusy`.
    package func clean(_ bytes: [UInt8], declared: ImageType) async throws -> CleanImage {
        try await threads.perform { try CleanImage(cleaning: bytes, declared: declared) }
    }
}
