import Core

/// What a photograph may be, each limit with its unit.
package enum ImageLimits {
    /// A phone's twelve megapixels take three to five MiB.
    package static let bytes = 10 << 20
    /// A PNG is packed anew, which may make it larger.
    package static let cleanBytes = 16 << 20
    package static let sidePixels = 12_000
    /// 4 bytes a pixel for a PNG; for a JPEG turned on its side up to 12: 384 MB for one image at the worst.
    package static let pixels = 32_000_000
    package static let widthPixelsMinimum = 320
    package static let heightPixelsMinimum = 240
    /// Cameras write one, progressive files ten; each is a pass over the whole image, however few its bytes.
    package static let scans = 40
    /// Of a PNG: one that is split into more is nothing that a program writes.
    package static let chunks = 20_000
    /// Each of one image, so that the memory is bounded.
    package static let concurrentMaximum = 2
    package static let waitingMaximum = 16
    package static let retryAfterSeconds = 2

    /// Asked of the header, before anything is unpacked: a bomb is told by what it says of itself.
    static func check(_ size: PixelSize) throws {
        guard size.width <= sidePixels, size.height <= sidePixels, size.width * size.height <= pixels else {
            throw Failure.refusedImage(
                "too_many_pixels",
                zh: "图片为 \(size.width)×\(size.height) 像素：每边最多 \(sidePixels)，总数最多 \(pixels)",
                en: "The image has \(size.width)×\(size.height) pixels: \(sidePixels) a side and \(pixels) in all are "
                    + "the most"
            )
        }
        let (long, short) = (max(size.width, size.height), min(size.width, size.height))
        guard long >= widthPixelsMinimum, short >= heightPixelsMinimum else {
            throw Failure.refusedImage(
                "too_few_pixels",
                zh: "图片为 \(size.width)×\(size.height) 像素：至少 \(widthPixelsMinimum)×\(heightPixelsMinimum)",
                en: "The image has \(size.width)×\(size.height) pixels: \(widthPixelsMinimum)×\(heightPixelsMinimum) "
                    + "are the least"
            )
        }
    }
}

package struct PixelSize: Sendable, Hashable {
    package let width: Int
    package let height: Int

    package init(width: Int, height: Int) {
        self.width = width
        self.height = height
    }
}
