namespace ArtMqtt.Broker.Tests.Support.Wire;

/// <summary>The properties of a packet on the wire.</summary>
internal static class PropertyList
{
    /// <summary>Writes the length and the properties in their order.</summary>
    public static ByteWriter Properties(this ByteWriter writer, params IEnumerable<Property> properties)
    {
        var list = new ByteWriter();
        foreach (var property in properties)
        {
            Write(list.Byte((byte)property.Id), property);
        }

        var bytes = list.ToArray();
        return writer.Variable((uint)bytes.Length).Raw(bytes);
    }

    /// <summary>Reads the length and all properties.</summary>
    public static IReadOnlyList<Property> Properties(this ByteReader reader)
    {
        var part = reader.Part((int)reader.Variable());
        var properties = new List<Property>();
        while (part.Left > 0)
        {
            var id = (PropertyId)part.Variable();
            properties.Add(new Property(id, Read(part, Property.KindOf(id))));
        }

        return properties;
    }

    private static void Write(ByteWriter list, Property property)
    {
        switch (Property.KindOf(property.Id))
        {
            case PropertyKind.Byte: list.Byte((byte)(uint)property.Value); break;
            case PropertyKind.Short: list.Short((ushort)(uint)property.Value); break;
            case PropertyKind.Long: list.Long((uint)property.Value); break;
            case PropertyKind.Variable: list.Variable((uint)property.Value); break;
            case PropertyKind.Text: list.Text((string)property.Value); break;
            case PropertyKind.Binary: list.Binary((byte[])property.Value); break;
            case PropertyKind.Pair:
                var (name, value) = ((string, string))property.Value;
                list.Text(name).Text(value);
                break;
        }
    }

    private static object Read(ByteReader part, PropertyKind kind) => kind switch
    {
        PropertyKind.Byte => (uint)part.Byte(),
        PropertyKind.Short => (uint)part.Short(),
        PropertyKind.Long => part.Long(),
        PropertyKind.Variable => part.Variable(),
        PropertyKind.Text => part.Text(),
        PropertyKind.Binary => part.Binary(),
        _ => (part.Text(), part.Text()),
    };
}
