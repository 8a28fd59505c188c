import Core
import Imaging
import Synchronization

/// How many images are held in memory at a time, whoever sends them.
final class PhotoUploads: Sendable {
    private let maximum: Int
    private let taken = Mutex(0)

    init(maximum: Int = PhotoLimits.concurrentUploads) {
        self.maximum = maximum
    }

    /// Held until the image is stored or refused.
    final class Place: Sendable {
        private let uploads: PhotoUploads

        fileprivate init(_ uploads: PhotoUploads) {
            self.uploads = uploads
        }

        deinit {
            uploads.taken.withLock { $0 -= 1 }
        }
    }

    /// - Throws: `imagingBusy` where all places are taken.
    func take() throws -> Place {
        let isFree = taken.withLock { taken in
            guard taken < maximum else { return false }
            taken += 1
            return true
        }
        guard isFree else { throw Failure.imagingBusy }
        return Place(self)
    }
}
