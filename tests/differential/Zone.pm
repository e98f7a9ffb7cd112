# The cases of cases.h as a peer in Perl reads them: the zone that its resolver
# answers from, and the octets of its reply.  A resolver is a Zone that sends.
package Zone;
use strict;
use warnings;

use constant MOST_ALIASES => 16;

sub decode {
    my ($s) = @_;
    $s =~ s/%([0-9A-F]{2})/chr hex $1/ge;
    return $s;
}

sub encode {
    my ($s) = @_;
    $s = '' if !defined $s;
    $s =~ s/([^!#\$&-+\--~])/sprintf '%%%02X', ord($1) & 255/ge;
    return $s;
}

# A, AAAA and the like: data is text; TXT: a list of strings.
sub put {
    my ( $self, $name, $type, $data ) = @_;
    $data = '' if !defined $data;
    if ( $type eq 'TXT' && $data =~ s/^"// ) {
        $data = [ map { decode($_) } split /"/, $data, -1 ];
    }
    else {
        $data = decode($data);
    }
    push @{ $self->{names}{ lc decode($name) }{$type} }, $data;
    return;
}

sub records {
    my ( $type, @data ) = @_;
    return map { bless { type => $type, data => $_ }, 'Zone::Record' } @data;
}

# How the world answers, the aliases on the way, and what is at their end.
sub look {
    my ( $self, $name, $type ) = @_;
    my @aliases;
    ( my $plain = lc $name ) =~ s/\.$//;
    push @{ $self->{asked} }, encode($plain) . "/$type";
    for ( 1 .. MOST_ALIASES ) {
        my $types = $self->{names}{$plain};
        return ( 'NXDOMAIN', \@aliases, [] ) if !$types;
        my @found = @{ $types->{$type} || [] };
        for my $lost ( @{ $types->{'*'} || [] }, @found ) {
            return ( $lost, [], [] )
              if $lost eq 'SERVFAIL' || $lost eq 'TIMEOUT';
        }
        return ( 'NOERROR', \@aliases, [ records( $type, @found ) ] )
          if @found || !$types->{CNAME};
        push @aliases, records( 'CNAME', $types->{CNAME}[0] );
        $plain = lc $types->{CNAME}[0];
    }
    return ( 'SERVFAIL', [], [] );
}

sub asked {
    my ($self) = @_;
    return join ',', @{ $self->{asked} || [] };
}

# Each case of the standard input: its keys, and its zone as a resolver.
sub each_case {
    my ( $resolver, $ask ) = @_;
    my ( $keys, $zone ) = ( {}, bless {}, $resolver );
    binmode STDIN;
    while ( my $line = <STDIN> ) {
        chomp $line;
        my @fields = split /\t/, $line, -1;
        if ( !@fields ) {
            $ask->( $keys, $zone );
            ( $keys, $zone ) = ( {}, bless {}, $resolver );
        }
        elsif ( $fields[0] eq 'rr' ) {
            $zone->put( @fields[ 1 .. 3 ] );
        }
        else {
            $keys->{ $fields[0] } = decode( $fields[1] );
        }
    }
    return;
}

package Zone::Record;
sub type    { return $_[0]{type} }
sub address { return $_[0]{data} }

package Zone::Packet;
sub answer { return @{ $_[0]{answer} } }

1;
