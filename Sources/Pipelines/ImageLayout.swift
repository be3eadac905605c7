/// What is known of an image before there is one: how many axes its array has, and how many of its places are channels.
///
/// What nobody can know before an image is read, such as the lengths of its axes of space, is left out.
public struct ImageLayout: Sendable, Equatable {
    /// The number of axes of the array, whatever they stand for; nil where it is not known.
    public var axes: Int?

    /// The length of the first axis, which is that of the channels once they are first; nil where it is not known.
    public var channels: Int?

    /// Where the loaded array carries its channels, as `SourceGrid.channelAxis`; without meaning where `axes` is nil.
    public var channelAxis: Int?

    /// Makes a layout; without arguments one of which nothing is known.
    public init(axes: Int? = nil, channels: Int? = nil, channelAxis: Int? = nil) {
        self.axes = axes
        self.channels = channels
        self.channelAxis = channelAxis
    }

    /// A loaded image without a channel axis.
    ///
    /// - Parameter rank: its axes of space.
    public static func plain(rank: Int) -> ImageLayout { ImageLayout(axes: rank) }

    /// A loaded image whose channels are at the end, as files hold them.
    public static func channelsLast(rank: Int) -> ImageLayout { ImageLayout(axes: rank + 1, channelAxis: -1) }

    /// Several loaded images stacked along a new first axis.
    public static func stacked(_ channels: Int, rank: Int) -> ImageLayout {
        ImageLayout(axes: rank + 1, channels: channels, channelAxis: 0)
    }
}
